"""Series of the past and what comes next: steps of time, forecasters, back-testing, intervals."""
