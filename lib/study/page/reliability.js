// SPDX-License-Identifier: LGPL-2.1-or-later
// What was observed where something was predicted, bin by bin.

function drawReliability(report, one, range, width) {
    const size = Math.min(width, 340),
        margin = {left: 34, right: 8, top: 14, bottom: 36};
    const x = linear(...range, margin.left, size - margin.right),
        y = linear(...range, size - margin.bottom, margin.top);
    const arm = report.arms[one.arm];
    const largest = Math.max(...one.bins.map(bin => bin.n));
    const svg = makePlot({
        width: size,
        height: size,
        x,
        y,
        margin,
        xTicks: 4,
        yTicks: 4,
        xLabel: "mean predicted",
        label: `Mean observed over mean predicted in ${plural(one.bins.length, "bin")}, by ${arm.label}`,
    });
    svg.append(s("line", {class: "reference null", x1: x(range[0]), y1: y(range[0]), x2: x(range[1]), y2: y(range[1])}));
    svg.append(
        s("path", {
            class: "curve",
            style: `color: ${arm.color}`,
            d: pathThrough(one.bins.map(bin => [x(bin.predicted), y(bin.observed)])),
        }),
    );
    const dots = s("g", {class: "dots", style: `color: ${arm.color}`});
    for (const bin of one.bins) {
        dots.append(
            s(
                "circle",
                {
                    cx: x(bin.predicted).toFixed(1),
                    cy: y(bin.observed).toFixed(1),
                    r: (2 + 3 * Math.sqrt(bin.n / largest)).toFixed(1),
                },
                s(
                    "title",
                    {},
                    `${plural(bin.n, "row")}: predicted ${formatScore(bin.predicted, 2)}, ` +
                        `observed ${formatScore(bin.observed, 2)}`,
                ),
            ),
        );
    }
    svg.append(dots);
    return svg;
}

function makeReliabilityFigure(report) {
    const all = report.data.reliability ?? [];
    if (all.length === 0) return null;
    const find = () => all.filter(one => one.task === report.task && report.isShown(one.arm));
    return makeFigure({
        title: "Calibration",
        reading:
            "What was observed on average where something was predicted, in up to ten bins of the predictions: of about equal " +
            "numbers of rows, or of equal width where a probability is predicted, whose observed value is the share of " +
            "sensitive rows. On the diagonal, predictions may be taken at their word; a line less steep than it promises too " +
            "much. A dot's area grows with its rows." +
            (report.data.kind === "study" ? " Bins are joined over fits by their place." : ""),
        file: "calibration.csv",
        draw: width => {
            const shown = find();
            const values = shown.filter(one => !one.probability).flatMap(one => one.bins);
            const range = extent(
                values.flatMap(bin => [bin.predicted, bin.observed]),
                0.05,
            );
            return makePanels(width, 220, shown, (one, w) => ({
                arm: report.arms[one.arm],
                value: plural(
                    one.bins.reduce((sum, bin) => sum + bin.n, 0),
                    "row",
                ),
                svg: drawReliability(report, one, one.probability ? [0, 1] : range, w),
            }));
        },
        getData: () => ({
            columns: ["model", "task", "rows", "mean predicted", "mean observed", "fits"],
            rows: find().flatMap(one =>
                one.bins.map(bin => [
                    report.arms[one.arm].label,
                    report.tasks[one.task],
                    bin.n,
                    bin.predicted,
                    bin.observed,
                    one.fits,
                ]),
            ),
        }),
    });
}
