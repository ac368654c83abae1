"""EDA503: a column holds text in sentences.

No two are alike, so as labels they say nothing: the words in them do.

What to do: count the words (TF-IDF), which AutoML does, or embed the text before; where the model need not read,
leave the column out, for text is where names and addresses hide.

Found:

```python
frame = pd.DataFrame({"age": range(50), "complaint": [f"my order {row} came late and was broken" for row in range(50)]})
```

Not found:

```python
frame = pd.DataFrame({"age": range(50), "complaint": ["it came late and was broken", "it did not come at all"] * 25})
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA503"
SEVERITY: Final[Severity] = "note"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns of sentences."""
    found = [column.name for column in context.labels if column.kind == "text"]
    if found:
        advice = "Count their words or embed them, and make sure that no personal data is in them"
        yield Alert(ID, tuple(found), SEVERITY, f"Text in sentences: {named(found)}", advice)
