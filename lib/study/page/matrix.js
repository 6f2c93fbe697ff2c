// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers in a grid, tinted by how large they are.

/**
 * cells[row][column] are numbers or null; range says which number is palest and which strongest; framed, if any, is
 * the number of the cell that gets a frame; upwards puts the first row at the bottom, as an axis would.
 */
function drawMatrix({
    width,
    rows,
    columns,
    cells,
    range,
    framed = null,
    upwards = false,
    rowLabel,
    columnLabel,
    label,
    format = formatScore,
}) {
    const left = Math.min(width * 0.4, Math.max(64, ...rows.map(row => textWidth(row, 11.5) + 14))),
        margin = {left, right: 4, top: 20, bottom: 40},
        row = 34;
    const cell = Math.min(84, (width - margin.left - margin.right) / columns.length);
    const height = margin.top + rows.length * row + margin.bottom;
    const place = j => margin.top + (upwards ? rows.length - 1 - j : j) * row;
    const svg = s("svg", {viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label});
    cells.forEach((line, j) =>
        line.forEach((value, i) => {
            if (!Number.isFinite(value)) return;
            const x = margin.left + i * cell,
                strength = Math.min(1, Math.max(0, (value - range[0]) / (range[1] - range[0] || 1)));
            svg.append(
                s("rect", {
                    class: `cell${value === framed ? " best" : ""}`,
                    x: x + 1,
                    y: place(j) + 1,
                    width: cell - 2,
                    height: row - 2,
                    rx: 3,
                    style: `--strength: ${(4 + 46 * strength).toFixed(0)}%`,
                }),
                s(
                    "text",
                    {class: "cell-value", x: x + cell / 2, y: place(j) + row / 2, dy: "0.34em", "text-anchor": "middle"},
                    format(value, cell < 48 ? 2 : 3),
                ),
            );
        }),
    );
    columns.forEach((text, i) =>
        svg.append(
            s(
                "text",
                {class: "tick-label", x: margin.left + (i + 0.5) * cell, y: height - 22, "text-anchor": "middle"},
                fitText(text, cell, 11.5),
                s("title", {}, text),
            ),
        ),
    );
    rows.forEach((text, j) =>
        svg.append(
            s(
                "text",
                {class: "tick-label", x: margin.left - 8, y: place(j) + row / 2, dy: "0.34em", "text-anchor": "end"},
                text,
            ),
        ),
    );
    svg.append(
        s(
            "text",
            {
                class: "axis-label",
                x: margin.left + (columns.length * cell) / 2,
                y: height - 4,
                "text-anchor": "middle",
            },
            columnLabel,
        ),
        s("text", {class: "axis-label", x: 0, y: 11}, rowLabel),
    );
    return svg;
}
