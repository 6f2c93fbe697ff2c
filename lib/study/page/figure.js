// SPDX-License-Identifier: LGPL-2.1-or-later
// What every figure has: a title, a sentence on how to read it, a drawing that follows the width, the same numbers as a
// table, and as a file.

const TABLE_ROWS = 200;
const LEAST_WIDTH = 40; // pixels below which there is no room to draw, as in some layouts on the way to print

/** Offers a text as a file; nothing leaves the page. */
function download(name, text) {
    const url = URL.createObjectURL(new Blob([text], {type: "text/csv;charset=utf-8"}));
    const link = h("a", {href: url, download: name});
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function tableCell(value) {
    if (typeof value === "number")
        return h("td", {class: "number"}, Number.isInteger(value) ? String(value) : formatScore(value, 4));
    return h("td", {}, value === null || value === undefined ? "–" : String(value));
}

/** Rows as a table; the first column heads its row. */
function makeTable(caption, columns, rows) {
    const shown = rows.slice(0, TABLE_ROWS);
    const table = h(
        "table",
        {},
        h("caption", {class: "unseen"}, caption),
        h(
            "thead",
            {},
            h(
                "tr",
                {},
                columns.map(column => h("th", {scope: "col"}, column)),
            ),
        ),
        h(
            "tbody",
            {},
            shown.map(row => h("tr", {}, h("th", {scope: "row"}, String(row[0] ?? "–")), row.slice(1).map(tableCell))),
        ),
    );
    return h(
        "div",
        {class: "table", role: "region", tabindex: "0", "aria-label": `${caption}: table`},
        table,
        rows.length > shown.length
            ? h("p", {class: "note"}, `The first ${shown.length} of ${plural(rows.length, "row")}; the file has all.`)
            : null,
    );
}

/** The table below a drawing, made when it is first opened, and the button for the file. */
function makeNumbers(title, file, getData) {
    const holder = h("div", {});
    const details = h("details", {}, h("summary", {}, "Table", h("span", {class: "unseen"}, `: ${title}`)), holder);
    const show = () => {
        const {columns, rows} = getData();
        holder.replaceChildren(makeTable(title, columns, rows));
    };
    details.addEventListener("toggle", () => details.open && show());
    const button = h(
        "button",
        {
            type: "button",
            class: "quiet",
            "data-file": file,
            onclick: () => {
                const {columns, rows} = getData();
                download(file, toCsv(columns, rows));
            },
        },
        "CSV",
        h("span", {class: "unseen"}, `: ${title}`),
    );
    DOWNLOADS.set(file, {title, getData});
    return {element: h("div", {class: "numbers"}, details, button), refresh: () => details.open && show()};
}

/** Every table of the page by the name of its file. */
const DOWNLOADS = new Map();

/** Tells every figure to draw again; a new one with every page, so that figures that are gone hear nothing. */
let changes = new EventTarget();

function redrawAll() {
    changes.dispatchEvent(new Event("change"));
}

/**
 * A figure. draw(width) gives elements for that many pixels; getData() gives {columns, rows} of what is drawn;
 * controls, if any, stand between the text and the drawing.
 */
function makeFigure({title, reading, file, draw, getData, controls = null}) {
    const id = newId("figure");
    const drawing = h("div", {class: "drawing"});
    const numbers = makeNumbers(title, file, getData);
    const figure = h(
        "figure",
        {"aria-labelledby": id},
        h("figcaption", {}, h("h3", {id}, title), reading ? h("p", {}, reading) : null),
        controls,
        drawing,
        numbers.element,
    );
    let width = 0;
    const redraw = () => {
        if (width > 0) drawing.replaceChildren(...[draw(width)].flat(Infinity).filter(Boolean));
        numbers.refresh();
    };
    new ResizeObserver(entries => {
        const next = Math.floor(entries[0].contentRect.width);
        if (next !== width && next >= LEAST_WIDTH) {
            width = next;
            redraw();
        }
    }).observe(drawing);
    changes.addEventListener("change", redraw);
    return figure;
}

/** How wide and how many small drawings fit side by side. */
function layPanels(width, least, n, gap = 24) {
    const fitting = Math.max(1, Math.min(n, Math.floor((width + gap) / (least + gap))));
    const columns = Math.ceil(n / Math.ceil(n / fitting)); // rows of even length
    return {columns, width: Math.floor((width - (columns - 1) * gap) / columns)};
}

/** Small drawings side by side: panel(item, width) gives {title, value, svg}. */
function makePanels(width, least, items, panel) {
    const places = layPanels(width, least, Math.max(items.length, width > least * 2.4 ? 2 : 1));
    return h(
        "div",
        {class: "panels", style: `--columns: ${places.columns}`},
        items.map(item => {
            const {arm, title, value, svg, note} = panel(item, places.width);
            return h(
                "div",
                {class: "panel"},
                h(
                    "p",
                    {class: "panel-title"},
                    arm ? swatch(arm) : null,
                    h("span", {}, title ?? arm.label),
                    value ? h("span", {class: "value"}, value) : null,
                ),
                svg,
                note ? h("p", {class: "note"}, note) : null,
            );
        }),
    );
}

/** A plot's frame: axes with few ticks, light lines at them, labels in words. */
function makePlot({
    width,
    height,
    x,
    y,
    xLabel,
    yLabel,
    label,
    margin,
    xTicks = Math.max(2, Math.floor(width / 90)),
    yTicks = 4,
    grid = true,
}) {
    const {left, right, top, bottom} = margin;
    const svg = s("svg", {viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label});
    const axes = s("g", {class: "axes"});
    for (const tick of y ? y.ticks(yTicks) : []) {
        if (grid) axes.append(s("line", {class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick)}));
        axes.append(s("text", {x: left - 6, y: y(tick), dy: "0.32em", "text-anchor": "end"}, y.format(tick)));
    }
    for (const tick of x ? x.ticks(xTicks) : []) {
        axes.append(s("line", {class: "tick", x1: x(tick), x2: x(tick), y1: height - bottom, y2: height - bottom + 4}));
        axes.append(s("text", {x: x(tick), y: height - bottom + 16, "text-anchor": "middle"}, x.format(tick)));
    }
    axes.append(s("line", {class: "base", x1: left, x2: width - right, y1: height - bottom, y2: height - bottom}));
    if (xLabel)
        axes.append(
            s("text", {class: "label", x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle"}, xLabel),
        );
    if (yLabel) axes.append(s("text", {class: "label", x: 0, y: top - 8}, yLabel));
    svg.append(axes);
    return svg;
}

/** An arm's mark, centred. */
function drawMark(arm, x, y, size = 5, title = null) {
    const shapes = {
        circle: () => s("circle", {cx: x, cy: y, r: size}),
        square: () => s("rect", {x: x - size * 0.9, y: y - size * 0.9, width: size * 1.8, height: size * 1.8}),
        triangle: () => s("path", {d: `M${x} ${y - size * 1.2}L${x + size * 1.15} ${y + size * 0.85}H${x - size * 1.15}Z`}),
        diamond: () =>
            s("path", {
                d: `M${x} ${y - size * 1.25}L${x + size * 1.25} ${y}L${x} ${y + size * 1.25}L${x - size * 1.25} ${y}Z`,
            }),
        cross: () =>
            s("path", {
                d: `M${x - size} ${y - size}L${x + size} ${y + size}M${x - size} ${y + size}L${x + size} ${y - size}`,
                class: "cross",
            }),
    };
    const shape = shapes[arm.mark]();
    shape.setAttribute("style", `color: ${arm.color}`);
    shape.classList.add("mark");
    if (title) shape.append(s("title", {}, title));
    return shape;
}

/** The same mark in running text. */
function swatch(arm) {
    return s(
        "svg",
        {class: "swatch", width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true"},
        drawMark(arm, 7, 7, 4.5),
    );
}

/** Pixels that a text takes, near enough to lay out by. */
function textWidth(text, size = 13) {
    return text.length * size * 0.54;
}

/** As much of a text as fits, and an ellipsis for the rest. */
function fitText(text, width, size = 13) {
    const fitting = Math.max(2, Math.floor(width / textWidth("x", size)));
    return text.length > fitting ? `${text.slice(0, fitting - 1)}…` : text;
}

/** Pushes labels apart that would overlap; gives their new heights, in the order given. */
function spreadLabels(heights, gap, low, high) {
    const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]);
    const placed = [...heights];
    order.forEach((i, k) => {
        if (k > 0) placed[i] = Math.max(placed[i], placed[order[k - 1]] + gap);
    });
    let limit = high;
    for (const i of [...order].reverse()) {
        placed[i] = Math.max(low, Math.min(placed[i], limit));
        limit = placed[i] - gap;
    }
    return placed;
}
