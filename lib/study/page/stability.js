// SPDX-License-Identifier: LGPL-2.1-or-later
// How alike the rankings of genes are that several fits of a model gave, and which genes lead.

const AGREEMENTS = [
    ["seeds", "across seeds, within a fold"],
    ["folds", "across folds, with one seed"],
];
const MEASURES = [
    ["spearman", "Spearman, all genes", "circle"],
    ["stability", "stability, first genes", "square"],
    ["jaccard", "Jaccard, first genes", "diamond"],
];

/** What was ranked for the task that is drawn, with the arm that it is of. */
function findStability(report) {
    const isDrawn = one => report.fits.some(fit => fit.name === one.task && fit.tasks.includes(report.task));
    return (report.data.stability ?? [])
        .map(one => ({...one, model: report.arms.find(arm => arm.id === one.arm || arm.id.startsWith(`${one.arm}: `))}))
        .filter(one => isDrawn(one) && (!one.model || report.isShown(one.model.index)));
}

/** Rows of a drawing: a place, and what was compared in it. */
function listAgreements(report) {
    return findStability(report).flatMap(one =>
        AGREEMENTS.filter(([key]) => one[key]).map(([key, words]) => ({one, words, found: one[key]})),
    );
}

function drawStability(report, width) {
    const rows = listAgreements(report);
    const row = 48,
        top = 30,
        right = 12,
        height = top + rows.length * row + 40;
    const values = rows.flatMap(({found}) => MEASURES.map(([key]) => found[key])).filter(Number.isFinite);
    const x = linear(Math.min(0, ...values), 1, 4, width - right);
    const svg = makePlot({
        width,
        height,
        x,
        xLabel: "agreement of rankings; 1 is the same, 0 is chance (Jaccard: nothing in common)",
        margin: {left: 4, right, top, bottom: 38},
        label:
            `How alike rankings of genes are: ` +
            rows
                .map(
                    ({one, words, found}) =>
                        `${one.arm}, ${one.node}, ${words}: ` +
                        MEASURES.map(([key, name]) => `${name} ${formatScore(found[key], 2)}`).join(", "),
                )
                .join("; "),
    });
    MEASURES.forEach(([, name, mark], i) => {
        const at = 8 + (i * (width - 16)) / MEASURES.length;
        svg.append(drawMark({mark, color: "currentColor"}, at, 10, 4.5), s("text", {x: at + 10, y: 14}, name));
    });
    rows.forEach(({one, words, found}, i) => {
        const y = top + i * row + 34;
        const color = one.model?.color ?? "currentColor";
        const group = s(
            "g",
            {class: "row", style: `color: ${color}`},
            s("text", {class: "name", x: 4, y: y - 16}, `${one.model?.label ?? one.arm}, ${one.node}: ${words}`),
        );
        for (const [key, name, mark] of MEASURES) {
            if (Number.isFinite(found[key])) {
                group.append(drawMark({mark, color}, x(found[key]), y, 5, `${name}: ${formatScore(found[key], 3)}`));
            }
        }
        svg.append(group);
    });
    return svg;
}

function makeStabilityFigure(report) {
    if ((report.data.stability ?? []).length === 0) return null;
    return makeFigure({
        title: "How stable rankings of genes are",
        reading:
            "Fits of one model rank genes by how much they matter to it. Spearman's correlation compares whole rankings, over " +
            "all pairs of fits; Jaccard's index is what two sets of first genes have in common of what either has; stability " +
            "(Nogueira, Sechidis & Brown 2018; Kuncheva's index where sets are of one size) is that less what chance would " +
            "give. Ranks that change with the seed say what this fit does, not what the cell does.",
        file: "stability.csv",
        draw: width =>
            listAgreements(report).length > 0
                ? drawStability(report, width)
                : h("p", {class: "note"}, "There are no two rankings to compare."),
        getData: () => ({
            columns: ["model", "task", "node", "across", "groups", "rankings", "genes", "first", ...MEASURES.map(([key]) => key)],
            rows: listAgreements(report).map(({one, words, found}) => [
                one.arm,
                one.task,
                one.node,
                words,
                found.groups,
                found.rankings,
                one.genes,
                one.top,
                ...MEASURES.map(([key]) => found[key]),
            ]),
        }),
    });
}

function drawLeaders(report, one, width) {
    const row = 22,
        top = 8,
        left = Math.max(...one.leading.map(leader => textWidth(leader.gene))) + 14,
        height = top + one.leading.length * row + 40;
    const x = linear(0, 1, left, width - 12);
    const svg = makePlot({
        width,
        height,
        x,
        xTicks: 2,
        xLabel: `share of fits with it among the first ${one.top}`,
        margin: {left, right: 12, top, bottom: 38},
        label: `The genes that ${one.node} of ${one.arm} ranks first, most often ${one.leading[0].gene}`,
    });
    one.leading.forEach((leader, i) => {
        const y = top + i * row + row / 2;
        const share = formatScore(leader.frequency, 2),
            rank = formatScore(leader["mean-rank"], 1);
        const text = `${leader.gene}: in ${share} of fits, mean rank ${rank}`;
        svg.append(
            s("text", {x: left - 8, y, dy: "0.34em", "text-anchor": "end"}, leader.gene),
            s(
                "rect",
                {
                    class: "bar",
                    style: `fill: ${one.model?.color ?? "currentColor"}`,
                    x: x(0),
                    y: y - 6,
                    width: Math.max(0, x(leader.frequency) - x(0)),
                    height: 12,
                },
                s("title", {}, text),
            ),
        );
    });
    return svg;
}

function makeLeadersFigure(report) {
    if ((report.data.stability ?? []).length === 0) return null;
    const find = () => findStability(report).filter(one => one.leading.length > 0);
    return makeFigure({
        title: "Genes that lead",
        reading:
            "The genes that are most often among the first of a model's rankings, over all of its fits on the task. Genes that " +
            "go together share what they tell, so another of their group may stand in the list of another model.",
        file: "leading-genes.csv",
        draw: width => {
            const shown = find();
            if (shown.length === 0) return h("p", {class: "note"}, "No gene leads.");
            return makePanels(width, 240, shown, (one, w) => ({
                arm: one.model,
                title: `${one.model?.label ?? one.arm}, ${one.node}`,
                svg: drawLeaders(report, one, w),
            }));
        },
        getData: () => ({
            columns: ["model", "task", "node", "gene", "share of fits", "mean rank"],
            rows: find().flatMap(one =>
                one.leading.map(leader => [one.arm, one.task, one.node, leader.gene, leader.frequency, leader["mean-rank"]]),
            ),
        }),
    });
}
