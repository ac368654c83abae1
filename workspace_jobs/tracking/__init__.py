"""How runs get into a store: buffered writing under MLflow's own API, with the store's content as MLflow writes it.

`activation.enable()` puts a buffered store before each of MLflow's own, so that scripts and URIs stay as they are.
A call that writes is checked as MLflow checks it, appended to a journal file, and answered (`buffered_store.py`,
`journal.py`). A thread writes what has gathered, in order, a few times a second: into sqlite as one transaction
(`sqlite_writer.py`), to a server in as few calls as there can be (`server_writer.py`), to the product's own
(`server.py`) all at once (`delivery.py`). Every other call waits until that is done, and is MLflow's own. What a
killed process or an unreachable server left in a journal is written by whoever opens the store next, or by
`sync.sync()`, and nothing twice.
"""
