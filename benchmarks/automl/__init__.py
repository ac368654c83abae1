"""AutoML beside its peers, and how the portfolio is learned: from data sets that the benchmark does not use."""
