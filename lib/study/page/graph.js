// SPDX-License-Identifier: LGPL-2.1-or-later
// The pipeline as a picture: nodes in layers from data down to scores, each output with its type.

const CARD = {width: 162, height: 44, gap: 22, layer: 92};

/** The layer of each node: one below the lowest that it reads. */
function findLayers(graph) {
    const layers = new Map();
    const visit = id => {
        if (!layers.has(id)) {
            layers.set(id, 0); // nodes come in topological order, so this is never read back
            layers.set(id, Math.max(-1, ...graph.incoming.get(id).map(link => visit(link.from))) + 1);
        }
        return layers.get(id);
    };
    graph.nodes.forEach(node => visit(node.id));
    return layers;
}

/** Places of cards and of the bends of links that pass layers: [[{id, x, …}, …], …] by layer. */
function arrangeLayers(graph) {
    const layers = findLayers(graph);
    const rows = [];
    const add = (layer, place) => {
        (rows[layer] ??= []).push(place);
        return place;
    };
    const places = new Map(
        graph.nodes.map(node => [node.id, add(layers.get(node.id), {node, width: CARD.width, above: [], below: []})]),
    );
    const routes = graph.links.map(link => {
        const chain = [places.get(link.from)];
        for (let layer = layers.get(link.from) + 1; layer < layers.get(link.to); layer++)
            chain.push(add(layer, {width: 14, above: [], below: []}));
        chain.push(places.get(link.to));
        for (let i = 1; i < chain.length; i++) {
            chain[i].above.push(chain[i - 1]);
            chain[i - 1].below.push(chain[i]);
        }
        return {link, chain};
    });
    orderLayers(rows);
    placeLayers(rows);
    rows.forEach((row, layer) =>
        row.forEach(place => {
            place.y = layer * CARD.layer;
        }),
    );
    return {rows, routes};
}

/** Sorts each layer by where its neighbours are, down and up again. */
function orderLayers(rows) {
    rows.forEach(row =>
        row.forEach((place, i) => {
            place.order = i;
        }),
    );
    for (let sweep = 0; sweep < 12; sweep++) {
        const side = sweep % 2 === 0 ? "above" : "below";
        for (const row of sweep % 2 === 0 ? rows : [...rows].reverse()) {
            for (const place of row)
                place.weight = place[side].length > 0 ? mean(place[side].map(other => other.order)) : place.order;
            row.sort((a, b) => a.weight - b.weight);
            row.forEach((place, i) => {
                place.order = i - (row.length - 1) / 2;
            });
        }
    }
}

/** Moves places towards their neighbours without overlap. */
function placeLayers(rows) {
    const space = (a, b) => (a.width + b.width) / 2 + CARD.gap;
    for (const row of rows) {
        row.forEach((place, i) => {
            place.x = i === 0 ? 0 : row[i - 1].x + space(row[i - 1], place);
        });
        const middle = row[row.length - 1].x / 2;
        row.forEach(place => {
            place.x -= middle;
        });
    }
    for (let sweep = 0; sweep < 24; sweep++) {
        for (const row of sweep % 2 === 0 ? rows : [...rows].reverse()) {
            const wanted = row.map(place => {
                const near = [...place.above, ...place.below];
                return near.length > 0 ? mean(near.map(other => other.x)) : place.x;
            });
            settleRow(row, wanted, space);
        }
    }
    const left = Math.min(...rows.flat().map(place => place.x - place.width / 2));
    rows.flat().forEach(place => {
        place.x -= left;
    });
}

/** Least squares under the order: neighbours that collide move together to the mean of their wishes. */
function settleRow(row, wanted, space) {
    const blocks = [];
    row.forEach((place, i) => {
        const offset = i === 0 ? 0 : space(row[i - 1], place);
        let block = {first: i, offsets: [0], sum: wanted[i], n: 1};
        block.x = block.sum;
        block.lead = offset;
        while (blocks.length > 0) {
            const before = blocks[blocks.length - 1];
            const end = before.x + before.offsets[before.n - 1] + block.lead;
            if (block.x >= end) break;
            const shift = before.offsets[before.n - 1] + block.lead;
            before.offsets.push(...block.offsets.map(value => value + shift));
            before.sum += block.sum - block.n * shift;
            before.n += block.n;
            before.x = before.sum / before.n;
            block = before;
            blocks.pop();
        }
        blocks.push(block);
    });
    for (const block of blocks) {
        block.offsets.forEach((offset, k) => {
            row[block.first + k].x = block.x + offset;
        });
    }
}

function shorten(text, width, size) {
    const most = Math.floor(width / (size * 0.56));
    return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function drawLink({chain}) {
    const points = chain.map((place, i) => [
        place.x,
        i === 0 ? place.y + CARD.height : place.node ? place.y : place.y + CARD.height / 2,
    ]);
    let path = `M${points[0][0].toFixed(1)} ${points[0][1].toFixed(1)}`;
    for (let i = 1; i < points.length; i++) {
        const [x0, y0] = points[i - 1],
            [x1, y1] = points[i],
            bend = (y1 - y0) / 2;
        path +=
            `C${x0.toFixed(1)} ${(y0 + bend).toFixed(1)} ${x1.toFixed(1)} ${(y1 - bend).toFixed(1)} ${x1.toFixed(1)} ` +
            `${y1.toFixed(1)}`;
    }
    return path;
}

function drawCard(place) {
    const {node, x, y} = place;
    const properties = Object.entries(node.properties)
        .map(([name, value]) => `${name}: ${formatScalar(value)}`)
        .join("\n");
    return s(
        "g",
        {class: `card ${node.category ?? ""}`, transform: `translate(${(x - CARD.width / 2).toFixed(1)} ${y})`},
        s("title", {}, `${node.id}: ${node.type}\n${node.summary ?? ""}\n${properties}`),
        s("rect", {width: CARD.width, height: CARD.height, rx: 7}),
        s("text", {class: "id", x: 11, y: 19}, shorten(node.id, CARD.width - 20, 13)),
        s("text", {class: "type", x: 11, y: 34}, shorten(node.type, CARD.width - 20, 11.5)),
    );
}

function drawGraph(graph) {
    const {rows, routes} = arrangeLayers(graph);
    const width = Math.max(...rows.flat().map(place => place.x + place.width / 2)) + 70;
    const height = (rows.length - 1) * CARD.layer + CARD.height + 4;
    const svg = s("svg", {
        viewBox: `-2 -2 ${width + 4} ${height + 4}`,
        width,
        height,
        role: "img",
        "aria-label":
            `The pipeline: ${plural(graph.nodes.length, "node")}, ${plural(graph.links.length, "link")}; the table ` +
            "lists them",
    });
    svg.style.minWidth = `${Math.min(width, 640)}px`;
    const told = new Set();
    for (const route of routes) {
        const [kind] = route.link.type.split(/[:[]/);
        svg.append(s("path", {class: `link ${kind}`, d: drawLink(route)}));
    }
    for (const {link, chain} of routes) {
        const key = `${link.from} ${link["from-port"]}`;
        if (told.has(key)) continue;
        told.add(key);
        const ports = [...told].filter(one => one.startsWith(`${link.from} `)).length - 1;
        svg.append(
            s(
                "text",
                {class: "type-label", x: chain[0].x + 7, y: chain[0].y + CARD.height + 14 + ports * 13},
                link.type.replace("flow:", ""),
            ),
        );
    }
    rows.flat()
        .filter(place => place.node)
        .forEach(place => svg.append(drawCard(place)));
    return h(
        "div",
        {class: "scroll", tabindex: "0", role: "region", "aria-label": "The picture of the pipeline, scrollable"},
        svg,
    );
}

function makeGraphFigure(report) {
    if (report.graphs.length === 0) return null;
    let shown = 0;
    const graph = () => report.graphs[shown];
    const names = report.graphs.map((one, i) => [
        ...new Set(report.arms.filter(arm => arm.pipeline === i).map(arm => arm.arm ?? arm.label)),
    ]);
    const select = h(
        "select",
        {
            id: newId("pipeline"),
            onchange: () => {
                shown = Number(select.value);
                redrawAll();
            },
        },
        names.map((list, i) => h("option", {value: i}, listing(list.slice(0, 3)))),
    );
    return makeFigure({
        title: "The pipeline",
        reading:
            "What ran: data on top, scores at the bottom. Below each node stands the type of what it gives: a " +
            "table, a symbolic flow with its quantity and shape, predictions, scores.",
        file: "pipeline.csv",
        controls:
            report.graphs.length > 1
                ? h("p", {class: "controls"}, h("label", {for: select.id}, "Pipeline of "), select)
                : null,
        draw: () => drawGraph(graph()),
        getData: () => ({
            columns: ["node", "type", "inputs", "properties"],
            rows: graph().nodes.map(node => [
                node.id,
                node.type,
                graph()
                    .incoming.get(node.id)
                    .map(link => `${link["to-port"]} ← ${link.from}.${link["from-port"]} (${link.type})`)
                    .join("; "),
                Object.entries(node.properties)
                    .map(([name, value]) => `${name} = ${formatScalar(value)}`)
                    .join("; "),
            ]),
        }),
    });
}
