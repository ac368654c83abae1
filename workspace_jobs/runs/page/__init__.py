"""The page that compares runs: one HTML file with its data and one copy of plotly.js in it, which opens anywhere.

`page.html`, `page.css` and `page.js` are what the browser gets; `writing.py` puts the runs into them.
"""
