// SPDX-License-Identifier: LGPL-2.1-or-later
// Scores over two numbers that were searched, such as the normalizer's a and r; and mean ranks over tasks.

/** Settings that are numbers and take several values, with those values. */
function findDimensions(report) {
    const values = new Map();
    for (const arm of report.arms) {
        for (const [path, value] of Object.entries(arm.settings ?? {})) {
            if (typeof value === "number") values.set(path, (values.get(path) ?? new Set()).add(value));
        }
    }
    return [...values]
        .filter(([, set]) => set.size > 1)
        .map(([path, set]) => ({path, values: [...set].sort((a, b) => a - b)}));
}

/** The mean score of the arms at a place, over those that differ elsewhere. */
function landscapeCells(report, xs, ys, task) {
    return ys.values.map(y =>
        xs.values.map(x => {
            const scores = report.arms
                .filter(arm => arm.settings?.[xs.path] === x && arm.settings?.[ys.path] === y)
                .map(arm => (task === null ? report.overall(arm) : report.estimate(arm, task)?.mean))
                .filter(Number.isFinite);
            return scores.length > 0 ? {score: mean(scores), n: scores.length} : null;
        }),
    );
}

function drawLandscape(report, xs, ys, task, width) {
    const cells = landscapeCells(report, xs, ys, task);
    const scores = cells
        .flat()
        .filter(Boolean)
        .map(one => one.score);
    const [low, high] = [Math.min(...scores), Math.max(...scores)];
    return drawMatrix({
        width,
        rows: ys.values.map(formatValue),
        columns: xs.values.map(formatValue),
        cells: cells.map(line => line.map(one => one && one.score)),
        range: report.about.higher ? [low, high] : [high, low],
        framed: report.about.higher ? high : low,
        upwards: true,
        rowLabel: ys.path,
        columnLabel: xs.path,
        label: `${report.about.label} over ${xs.path} and ${ys.path}, from ${formatScore(low)} to ${formatScore(high)}`,
    });
}

function makeLandscapeFigure(report) {
    const dimensions = findDimensions(report);
    if (dimensions.length < 2) return null;
    const pick = (pattern, others) =>
        dimensions.find(one => pattern.test(one.path) && !others.includes(one)) ??
        dimensions.find(one => !others.includes(one));
    let xs = pick(/\.a$/, []),
        ys = pick(/\.r$/, [xs]);
    const choose = (text, current, set) => {
        const select = h(
            "select",
            {
                id: newId("axis"),
                onchange: () => {
                    set(dimensions[Number(select.value)]);
                    redrawAll();
                },
            },
            dimensions.map((one, i) => h("option", {value: i, selected: one === current}, one.path)),
        );
        return [h("label", {for: select.id}, text), select];
    };
    const scopes = report.tasks.length > 1 ? [null, ...report.tasks.keys()] : [0];
    return makeFigure({
        title: "The landscape",
        reading:
            `Mean ${report.about.label} over two of the numbers that were searched; a cell averages what else ` +
            "varied. The best cell is framed: it was chosen among many, so its own score flatters it.",
        file: "landscape.csv",
        controls:
            dimensions.length > 2
                ? h(
                      "p",
                      {class: "controls"},
                      choose("Across ", xs, one => (xs = one)),
                      choose(" up ", ys, one => (ys = one)),
                  )
                : null,
        draw: width =>
            makePanels(width, 330, scopes, (task, w) => ({
                title: task === null ? "Mean over tasks" : report.taskName(task) || report.about.label,
                svg: drawLandscape(report, xs, ys, task, w),
            })),
        getData: () => ({
            columns: [xs.path, ys.path, "task", report.score, "models"],
            rows: scopes.flatMap(task =>
                landscapeCells(report, xs, ys, task).flatMap((line, j) =>
                    line
                        .map(
                            (one, i) =>
                                one && [
                                    xs.values[i],
                                    ys.values[j],
                                    task === null ? "mean" : report.tasks[task],
                                    one.score,
                                    one.n,
                                ],
                        )
                        .filter(Boolean),
                ),
            ),
        }),
    });
}

/** Mean ranks on a line; arms under one bar cannot be told apart. Names stand on both sides, or left where it is narrow. */
function drawRanks(report, ranks, width) {
    const entries = Object.entries(ranks["mean-ranks"])
        .map(([id, rank]) => ({arm: report.byId.get(id), rank}))
        .filter(one => one.arm)
        .sort((a, b) => a.rank - b.rank);
    const widest = Math.max(...entries.map(one => textWidth(one.arm.label))) + 50,
        row = 22,
        narrow = width < 2 * widest + 160,
        side = narrow ? Math.min(width * 0.7, widest) : widest,
        half = narrow ? entries.length : Math.ceil(entries.length / 2);
    const cliques = ranks.cliques ?? [];
    const axis = 54,
        bars = axis + 14 + cliques.length * 9,
        height = bars + half * row + 20;
    const x = linear(1, entries.length, side, width - (narrow ? 8 : side));
    const svg = s("svg", {
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        role: "img",
        "aria-label":
            `Mean ranks over ${ranks.tasks} tasks: ` +
            entries.map(one => `${one.arm.label} ${formatScore(one.rank, 2)}`).join(", "),
    });
    svg.append(s("line", {class: "base", x1: x(1), x2: x(entries.length), y1: axis, y2: axis}));
    for (let k = 1; k <= entries.length; k++)
        svg.append(s("line", {class: "base", x1: x(k), x2: x(k), y1: axis - 5, y2: axis}));
    for (const k of x.ticks((x(entries.length) - x(1)) / 18).filter(Number.isInteger))
        svg.append(s("text", {class: "tick-label", x: x(k), y: axis - 10, "text-anchor": "middle"}, String(k)));
    if (ranks["critical-difference"]) {
        const end = x(1 + ranks["critical-difference"]);
        svg.append(
            s("path", {class: "base", d: `M${x(1)} 16v8M${x(1)} 20H${end}M${end} 16v8`}),
            s(
                "text",
                {class: "tick-label", x: (x(1) + end) / 2, y: 12, "text-anchor": "middle"},
                `critical difference ${formatScore(ranks["critical-difference"], 2)}`,
            ),
        );
    }
    cliques.forEach((clique, i) => {
        const places = clique.map(id => x(ranks["mean-ranks"][id]));
        svg.append(
            s("line", {
                class: "clique",
                x1: Math.min(...places) - 3,
                x2: Math.max(...places) + 3,
                y1: axis + 10 + i * 9,
                y2: axis + 10 + i * 9,
            }),
        );
    });
    entries.forEach((one, i) => {
        const left = i < half,
            y = bars + (left ? i : entries.length - 1 - i) * row + 8;
        svg.append(
            s("path", {class: "leader", d: `M${x(one.rank)} ${axis}V${y}H${left ? side - 6 : width - side + 6}`}),
            drawMark(one.arm, x(one.rank), axis, 4.5, `${one.arm.label}: mean rank ${formatScore(one.rank, 2)}`),
            s(
                "text",
                {
                    class: "name",
                    x: left ? side - 10 : width - side + 10,
                    y,
                    dy: "0.34em",
                    "text-anchor": left ? "end" : "start",
                },
                `${fitText(one.arm.label, side - 50)}  ${formatScore(one.rank, 2)}`,
                s("title", {}, one.arm.label),
            ),
        );
    });
    return svg;
}

function makeRankFigure(report) {
    const ranks = report.data.comparison?.ranks;
    if (!ranks || report.tasks.length < 2) return null;
    const tested = ranks["critical-difference"] !== undefined;
    return makeFigure({
        title: "Critical-difference diagram",
        reading: tested
            ? `Mean ranks over ${plural(ranks.tasks, "task")}, rank 1 being the best; models joined by a bar ` +
              `cannot be told apart (Friedman p ${ranks.p < 0.001 ? "" : "= "}${formatP(ranks.p)}).`
            : "Mean ranks over tasks, rank 1 being the best.",
        file: "ranks.csv",
        draw: width => [
            tested ? null : h("p", {class: "note refusal"}, `No critical difference is drawn: ${ranks.reason}.`),
            ranks["mean-ranks"] ? drawRanks(report, ranks, width) : null,
        ],
        getData: () => ({
            columns: ["model", "mean rank", "tasks", "critical difference"],
            rows: Object.entries(ranks["mean-ranks"] ?? {}).map(([id, rank]) => [
                report.byId.get(id)?.label ?? id,
                rank,
                ranks.tasks,
                ranks["critical-difference"],
            ]),
        }),
    });
}
