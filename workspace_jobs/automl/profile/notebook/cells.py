"""The notebook's cells: what is asked, as Markdown, and the pandas that answers it.

The first cell, which `writing` makes, defines `frame`, `target` (a name or None), `test` (a frame or None) and `group`.
"""

from typing import Final

TARGET: Final = (
    """## The target

Rows without a target teach nothing; a class of few rows can't be judged; one of nearly all rows spoils accuracy.""",
    """if target is not None:
    outcome = frame[target]
    print(f"{outcome.isna().sum():,} of {len(frame):,} rows have no {target}")
    display(outcome.describe() if outcome.nunique() > 30 else outcome.value_counts(dropna=False, normalize=True))""",
)
OVERVIEW: Final = (
    """## The columns

How many values are missing, how many are distinct, and which types Python sees in a column of objects.""",
    """def types(column):
    kinds = column.dropna().map(type) if column.dtype == object else pd.Series([], dtype=object)
    return ", ".join(kinds.map(lambda kind: kind.__name__).unique())

def distinct(column):
    return column.dropna().astype(str).nunique() if column.dtype == object else column.nunique()

overview = pd.DataFrame({
    "type": frame.dtypes.astype(str),
    "missing": frame.isna().mean(),
    "distinct": frame.apply(distinct),
    "python": frame.apply(types),
})
overview""",
)
USELESS: Final = (
    """## Columns and rows that add nothing

Constant columns, columns that are equal, columns with a value of its own for each row, rows that occur twice.""",
    """print("constant:", [name for name in features if overview.loc[name, "distinct"] <= 1])
counted = [name for name in features if not pd.api.types.is_float_dtype(frame[name])]
print("a value of its own for each row:", [name for name in counted if overview.loc[name, "distinct"] == len(frame)])

written = frame[features].astype(str)
prints = written.apply(lambda column: pd.util.hash_pandas_object(column, index=False).sum())
print("equal columns:", [list(same.index) for _, same in prints.groupby(prints) if len(same) > 1])
print(f"rows that repeat an earlier one: {frame.astype(str).duplicated().sum():,}")""",
)
LEAKAGE: Final = (
    """## Leakage: what each column alone tells of the target

The values go into bins, missing ones into their own. Each fifth of the rows is predicted by the mean that the other
rows of its bin have. 1 is perfect; ROC AUC .5 and R2 0 are chance. A column near 1 is the target by another name, or
was written after it was known.""",
    """FOLDS, BINS = 5, 64
random = np.random.default_rng(0)

def bins(column):
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column) and column.nunique() > BINS:
        column = pd.qcut(column, min(BINS, max(2, len(column) // 3)), duplicates="drop")
    return column.astype(str)

def out_of_fold(column, values, folds):
    predicted = pd.Series(values.mean(), index=values.index)
    for fold in range(FOLDS):
        means = values[folds != fold].groupby(column[folds != fold]).mean()
        predicted[folds == fold] = column[folds == fold].map(means).astype(float).fillna(values.mean())
    return predicted

def auc(predicted, positive):
    hits, misses = positive.sum(), (~positive).sum()
    return (predicted.rank()[positive].sum() - hits * (hits + 1) / 2) / (hits * misses) if hits and misses else np.nan

def power(column, outcome, folds):
    if is_number:
        ranks = outcome.rank()
        return 1 - ((ranks - out_of_fold(column, ranks, folds)) ** 2).sum() / ((ranks - ranks.mean()) ** 2).sum()
    classes = outcome.value_counts().index[:20]
    classes = classes[:1] if len(classes) == 2 else classes
    return np.mean([auc(out_of_fold(column, (outcome == one).astype(float), folds), outcome == one) for one in classes])

if target is not None:
    known = frame[frame[target].notna()]
    is_number = problem in ("regression", "forecast")
    outcome = known[target] if is_number else known[target].astype(str)
    folds = pd.Series(random.permutation(len(known)) % FOLDS, index=known.index)
    alone = pd.Series({name: power(bins(known[name]), outcome, folds) for name in features[:MOST]})
    display(alone.sort_values(ascending=False).head(20).rename("R2 of ranks" if is_number else "ROC AUC"))""",
)
COLLINEARITY: Final = (
    """## Collinearity

The strongest correlations among numbers. Of columns with an r of .95 or more, one is enough.""",
    """numbers = frame[features].select_dtypes("number").replace([np.inf, -np.inf], np.nan).iloc[:, :MOST]
r = numbers.corr().where(np.tri(numbers.shape[1], k=-1, dtype=bool)).stack()
r.sort_values(key=abs, ascending=False).head(20).rename("Pearson's r")""",
)
MISSING: Final = (
    """## Missing values

The columns with most gaps, and which of them have their gaps in the same rows.""",
    """gaps = frame[features].isna()
display(gaps.mean()[lambda share: share > 0].sort_values(ascending=False).head(20).rename("missing"))
patterns = gaps.apply(lambda column: column.to_numpy().tobytes())
together = [list(same.index) for _, same in patterns[gaps.any()].groupby(patterns[gaps.any()]) if len(same) > 1]
print("missing in the same rows:", together)""",
)
EXTREMES: Final = (
    """## Infinite and extreme values

A value is extreme where it is ten times further from the median than the value that a twentieth of the rows exceed.""",
    """everything = frame[features].select_dtypes("number")
print("infinite:", [name for name in everything if np.isinf(everything[name].astype(float)).any()])
middle = numbers.median()
far = pd.DataFrame({
    "below": (numbers < middle - 10 * (middle - numbers.quantile(0.05))).sum(),
    "above": (numbers > middle + 10 * (numbers.quantile(0.95) - middle)).sum(),
    "smallest": numbers.min(),
    "largest": numbers.max(),
})
far[(far["below"] > 0) | (far["above"] > 0)]""",
)
LABELS: Final = (
    """## Labels, dates and text

Many labels want another encoding than a column each; text that reads as numbers or dates wants to be converted.""",
    """labels = frame[features].select_dtypes(["object", "string", "category"]).astype(str)

def reads_as(convert, column):
    return convert(column[column != "nan"].drop_duplicates().head(1000)).notna().mean()

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    found = pd.DataFrame({
        name: {
            "labels": column.nunique(),
            "words in the median": column.str.split().str.len().median(),
            "reads as numbers": reads_as(lambda values: pd.to_numeric(values, errors="coerce"), column),
            "reads as dates": reads_as(lambda values: pd.to_datetime(values, errors="coerce", format="mixed"), column),
        }
        for name, column in labels.items()
    }).T
found""",
)
GROUPS: Final = (
    """## Groups

Rows of one group on both sides of a split flatter the model: split by group.""",
    """sizes = frame[group].value_counts()
print(f"{len(sizes):,} groups, of up to {sizes.max():,} rows")
if test is not None and group in test:
    print(f"groups in both tables: {frame[group].isin(test[group]).sum():,} rows")""",
)
SHIFT: Final = (
    """## The test table beside the training table

The largest distance between the distributions (Kolmogorov and Smirnov's) of numbers; for all else the sum of what the
shares of the labels differ by, halved. 0 is alike, 1 has nothing in common.""",
    """def distance(train, other):
    train, other = train.dropna(), other.dropna()
    if pd.api.types.is_numeric_dtype(train) and pd.api.types.is_numeric_dtype(other):
        train, other = np.sort(train.astype(float)), np.sort(other.astype(float))
        values = np.concatenate([train, other])
        shares = [np.searchsorted(one, values, side="right") / max(len(one), 1) for one in (train, other)]
        return np.abs(shares[0] - shares[1]).max(initial=0)
    shares = [one.astype(str).value_counts(normalize=True) for one in (train, other)]
    return shares[0].sub(shares[1], fill_value=0).abs().sum() / 2

print("only in the training table:", [name for name in features if name not in test])
shared = [name for name in frame if name in test]
distances = pd.Series({name: distance(frame[name], test[name]) for name in shared}, dtype=float)
distances.sort_values(ascending=False).head(20).rename("distance")""",
)
ALWAYS: Final = (TARGET, OVERVIEW, USELESS, LEAKAGE, COLLINEARITY, MISSING, EXTREMES, LABELS)
