"""Where names come from: each module reads one format into `NamedResource`s, and knows no other.

`recognition` decides by content which of them reads a file. A reader is `read(source, file, notes)`: it yields
what it reads, raises a NamingError of one sentence for what it can't read, and notes what it leaves out.
"""
