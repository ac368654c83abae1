"""Names of what existed before the stack, which the stack therefore cannot make up."""

from typing import Annotated

from pydantic import StringConstraints

AcceptedName = Annotated[str, StringConstraints(min_length=1, max_length=260)]
"""A name that Azure has accepted already; the rules of its type are asked when the plan is made."""
