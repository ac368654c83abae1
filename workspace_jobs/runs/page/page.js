"use strict";
// The plots and the table are drawn from the data in the page, anew when a choice, the width or the theme changes.
(() => {
  const { title, runs } = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const NUMBERS = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };
  const number = (value) => (value in NUMBERS ? NUMBERS[value] : value === "" || value == null ? NaN : Number(value));
  // plotly reads markup in texts; a name is a name.
  const plain = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const short = (text, length) => (text.length > length ? text.slice(0, length - 1) + "…" : text);
  const narrow = () => document.documentElement.clientWidth < 600;

  // ---- what can be chosen: each parameter and metric, with a value for each run
  const keysOf = (kind) => [...new Set(runs.flatMap((run) => Object.keys(run[kind])))].sort();
  const column = (kind, key) => {
    const texts = runs.map((run) => run[kind][key]);
    const present = texts.filter((text) => text !== undefined);
    const numeric = present.every((text) => text in NUMBERS || (text !== "" && Number.isFinite(Number(text))));
    const values = numeric ? texts.map(number) : texts;
    const finite = numeric ? values.filter(Number.isFinite) : [];
    const [least, most] = finite.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
    const log = numeric && least > 0 && most / least >= 100;
    return { id: `${kind}.${key}`, kind, key, numeric, log, values, texts, distinct: new Set(present).size };
  };
  const params = keysOf("params").map((key) => column("params", key));
  const metrics = keysOf("metrics").map((key) => column("metrics", key));
  const columns = [...params, ...metrics];
  const varied = columns.filter((one) => one.distinct > 1);
  const numbers = columns.filter((one) => one.numeric);
  const variedNumbers = varied.filter((one) => one.numeric);
  const find = (id) => columns.find((one) => one.id === id);

  // ---- looks
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const SCALE = "Viridis";
  const axis = (one, more) => ({
    title: { text: plain(short(one.key, 40)) }, type: one.numeric ? (one.log ? "log" : "linear") : "category",
    exponentformat: "e", gridcolor: colour("--line"), zerolinecolor: colour("--line"), automargin: true, ...more,
  });
  const layout = (more) => ({
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { color: colour("--ink"), size: 12 },
    margin: { l: 50, r: 20, t: 20, b: 50 }, hoverlabel: { namelength: -1 },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: colour("--quiet"), activecolor: colour("--ink") }, ...more,
  });
  const draw = (id, traces, more) => Plotly.react(byId(id), traces, layout(more),
    { displaylogo: false, displayModeBar: !narrow() && id !== "parallel" });
  const nothing = (id, sentence) => {
    Plotly.purge(byId(id));
    const line = document.createElement("p");
    line.textContent = sentence;
    byId(id).replaceChildren(line);
  };
  const colourBar = (one) => ({
    title: { text: plain(short(one.key, 24)), side: "right" }, thickness: 12, tickfont: { size: 10 },
  });
  const names = runs.map((run) => plain(run.name || run.id.slice(0, 8)));
  const hover = (...shown) => runs.map((_, i) =>
    [names[i], ...shown.map((one) => `${plain(one.key)}: ${plain(one.texts[i] ?? "none")}`)].join("<br>"));

  // ---- the plots
  const dimension = (one) => {
    const label = plain(short(one.key, narrow() ? 10 : 18));
    if (!one.numeric) {
      const words = [...new Set(one.texts.filter((text) => text !== undefined))].sort();
      return { label, values: one.texts.map((text) => words.indexOf(text)), tickvals: words.map((_, i) => i),
        ticktext: words.map((word) => plain(short(word, 14))), range: [0, Math.max(words.length - 1, 1)] };
    }
    if (!one.log) return { label, values: one.values };
    const values = one.values.map(Math.log10);
    const finite = values.filter(Number.isFinite);
    const [low, high] = [Math.floor(Math.min(...finite)), Math.ceil(Math.max(...finite))];
    const ticks = Array.from({ length: high - low + 1 }, (_, i) => low + i);
    return { label, values, tickvals: ticks, ticktext: ticks.map((tick) => `1e${tick}`) };
  };
  const drawParallel = () => {
    const by = find(byId("parallel-colour").value);
    const room = Math.max(2, Math.floor(byId("parallel").clientWidth / (narrow() ? 85 : 110)));
    const shown = [...varied.filter((one) => one !== by && one.distinct <= 1000).slice(0, room - 1), ...(by ? [by] : [])];
    if (shown.length < 2) return nothing("parallel", "Fewer than two parameters or metrics differ between these runs.");
    const whole = runs.map((_, i) => i).filter((i) => shown.every((one) =>
      one.numeric ? Number.isFinite(one.values[i]) : one.texts[i] !== undefined));
    if (!whole.length) return nothing("parallel", "No run has a value on every axis.");
    const dimensions = shown.map((one) => {
      const all = dimension(one);
      return { ...all, values: whole.map((i) => all.values[i]) };
    });
    const line = by ? { color: whole.map((i) => (by.log ? Math.log10(by.values[i]) : by.values[i])), colorscale: SCALE,
      showscale: false } : { color: colour("--quiet") };
    draw("parallel", [{ type: "parcoords", dimensions, line, labelfont: { size: 12 }, tickfont: { size: 10 },
      rangefont: { size: 10 } }], { margin: { l: 45, r: 45, t: 50, b: 25 } });
  };
  const drawScatter = () => {
    const [x, y, by] = ["scatter-x", "scatter-y", "scatter-colour"].map((id) => find(byId(id).value));
    if (!x || !y) return nothing("scatter", "These runs have no two parameters or metrics.");
    const marker = by ? { color: by.values, colorscale: SCALE, showscale: true, colorbar: colourBar(by), size: 8 }
      : { size: 8, color: colour("--quiet") };
    draw("scatter", [{ type: "scatter", mode: "markers", x: x.values, y: y.values, marker,
      text: hover(x, y, ...(by ? [by] : [])), hoverinfo: "text" }], { xaxis: axis(x), yaxis: axis(y) });
  };
  const drawContour = () => {
    const [x, y, z] = ["contour-x", "contour-y", "contour-z"].map((id) => find(byId(id).value));
    const there = x && y && z && x !== y ? runs.map((_, i) => i).filter((i) =>
      [x, y, z].every((one) => Number.isFinite(one.values[i]))) : [];
    const distinct = (one) => new Set(there.map((i) => one.values[i])).size;
    if (!there.length || distinct(x) < 2 || distinct(y) < 2) {
      return nothing("contour", "A contour needs two different numbers on each of two axes.");
    }
    const of = (one) => there.map((i) => one.values[i]);
    const texts = hover(x, y, z);
    draw("contour", [
      { type: "contour", x: of(x), y: of(y), z: of(z), colorscale: SCALE, connectgaps: true, hoverinfo: "skip",
        colorbar: colourBar(z), contours: { coloring: "heatmap" } },
      { type: "scatter", mode: "markers", x: of(x), y: of(y), text: there.map((i) => texts[i]), hoverinfo: "text",
        marker: { size: 4, color: "rgba(255,255,255,.7)", line: { width: 1, color: "rgba(0,0,0,.5)" } },
        showlegend: false },
    ], { xaxis: axis(x), yaxis: axis(y) });
  };
  const histories = [...new Set(runs.flatMap((run) => Object.keys(run.history)))].sort();
  const drawHistory = () => {
    const metric = byId("history-metric").value;
    const curves = runs.map((run, i) => [i, run.history[metric] ?? []]).filter(([, points]) => points.length);
    draw("history", curves.map(([i, points]) => ({
      type: "scatter", mode: points.length > 1 ? "lines" : "markers", name: short(names[i], 24),
      x: points.map(([step]) => step), y: points.map(([, , value]) => number(value)),
    })), { xaxis: axis({ key: "step", numeric: true }), yaxis: axis({ key: metric, numeric: true }),
      showlegend: !narrow() && curves.length <= 20 });
  };

  // ---- the table
  const cells = [
    { name: "run", of: (run) => run.id.slice(0, 8) }, { name: "name", of: (run) => run.name },
    { name: "status", of: (run) => run.status }, { name: "started", of: (run) => (run.started ?? "").slice(0, 19) },
    ...[...varied, ...columns.filter((one) => one.distinct < 2)].map((one) => ({ name: one.key, values: one.values,
      of: (run) => run[one.kind][one.key] })),
  ];
  const written = (value) => (typeof value === "number" ? String(Number(value.toPrecision(6))) : value ?? "");
  const drawRows = (order) => {
    document.querySelector("tbody").replaceChildren(...order.map((i) => {
      const row = document.createElement("tr");
      row.append(...cells.map((cell) => {
        const place = document.createElement("td");
        place.textContent = written(cell.of(runs[i]));
        place.title = cell.of(runs[i]) ?? "";
        return place;
      }));
      return row;
    }));
  };
  const missing = (value) => value === undefined || value === "" || Number.isNaN(value);
  const sortBy = (cell, head) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    document.querySelectorAll("th").forEach((one) => one.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const values = cell.values ?? runs.map(cell.of);
    const order = runs.map((_, i) => i);
    // What is missing stays at the end either way.
    order.sort((a, b) => {
      const [left, right] = [values[a], values[b]];
      if (missing(left) || missing(right)) return missing(left) - missing(right);
      return (left < right ? -1 : left > right ? 1 : 0) * (down ? -1 : 1);
    });
    drawRows(order);
  };
  const drawTable = () => {
    const row = document.createElement("tr");
    row.append(...cells.map((cell) => {
      const head = document.createElement("th");
      const button = document.createElement("button");
      button.textContent = cell.name;
      button.addEventListener("click", () => sortBy(cell, head));
      head.append(button);
      return head;
    }));
    document.querySelector("thead").append(row);
    drawRows(runs.map((_, i) => i));
  };

  // ---- choices
  const offer = (id, choices, chosen, redraw) => {
    byId(id).replaceChildren(...choices.map((one) => new Option(one.id ?? one, one.id ?? one)));
    if (chosen) byId(id).value = chosen.id ?? chosen;
    byId(id).addEventListener("change", redraw);
  };
  const numericParams = variedNumbers.filter((one) => one.kind === "params");
  const metric = metrics.find((one) => one.numeric && one.distinct > 1) ?? metrics[0];
  const [first, second] = [...numericParams, ...variedNumbers.filter((one) => one !== metric), ...numbers];
  offer("parallel-colour", numbers, metric, drawParallel);
  offer("scatter-x", columns, first ?? columns[0], drawScatter);
  offer("scatter-y", columns, metric ?? columns[1], drawScatter);
  offer("scatter-colour", numbers, second ?? metric, drawScatter);
  offer("contour-x", numbers, first, drawContour);
  offer("contour-y", numbers, second, drawContour);
  offer("contour-z", numbers, metric, drawContour);
  offer("history-metric", histories, histories[0], drawHistory);

  const drawPlots = () => {
    drawParallel();
    drawScatter();
    drawContour();
    if (histories.length) drawHistory();
  };
  document.title = title;
  byId("title").textContent = title;
  byId("summary").textContent = `${runs.length} runs, ${params.length} parameters, ${metrics.length} metrics`;
  byId("history-section").hidden = !histories.length;
  drawTable();
  drawPlots();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawPlots);
  let width = document.documentElement.clientWidth;
  addEventListener("resize", () => {
    if (width === document.documentElement.clientWidth) return;
    width = document.documentElement.clientWidth;
    drawPlots();
  });
})();
