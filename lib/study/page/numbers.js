// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers as people read them, as tables of comma-separated values, and as places on an axis.

const MINUS = "\u2212";

/** Three decimals where they say something; an undefined number is a dash. */
function formatScore(value, digits = 3) {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    const size = Math.abs(value);
    const text = size !== 0 && (size < 5e-4 || size >= 1e5) ? value.toPrecision(3) : value.toFixed(digits);
    return text.replace("-", MINUS);
}

/** A difference, with its sign and no more decimals than its neighbours. */
function formatSigned(value, digits = 3) {
    if (!Number.isFinite(value)) return "–";
    return `${value > 0 ? "+" : ""}${value.toFixed(digits).replace("-", MINUS)}`;
}

function formatP(p) {
    if (p === null || p === undefined) return "–";
    return p < 0.001 ? "< 0.001" : p.toFixed(p < 0.1 ? 3 : 2);
}

function formatInterval(interval, digits = 3) {
    return interval ? `${formatScore(interval[0], digits)} to ${formatScore(interval[1], digits)}` : "–";
}

const FRACTIONS = [
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 3],
    [1, 4],
    [3, 4],
    [1, 6],
    [2, 1],
    [4, 1],
    [1, 8],
];

/** "π/2" for 1.5707963…, else the shortest text that says the number to four digits. */
function formatValue(value) {
    if (typeof value !== "number") return typeof value === "object" ? JSON.stringify(value) : String(value);
    for (const [n, d] of FRACTIONS) {
        if (value !== 0 && Math.abs(Math.abs(value) - (Math.PI * n) / d) < 1e-9)
            return `${value < 0 ? MINUS : ""}${n === 1 ? "" : n}π${d === 1 ? "" : `/${d}`}`;
    }
    return String(Number(value.toPrecision(4))).replace("-", MINUS);
}

function plural(n, one, many = `${one}s`) {
    return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** "a, b and c". */
function listing(words) {
    return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

function mean(values) {
    return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A table as CSV (RFC 4180). */
function toCsv(columns, rows) {
    const quote = value => {
        const text = value === null || value === undefined ? "" : String(value);
        return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    return [columns, ...rows].map(row => row.map(quote).join(",")).join("\r\n") + "\r\n";
}

/** Round places from low to high, about n of them. */
function ticks(low, high, n) {
    const rough = (high - low) / Math.max(n, 1);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map(factor => factor * power).find(candidate => candidate >= rough * 0.999);
    const found = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++)
        found.push(Number((k * step).toPrecision(12)));
    return found;
}

/** A linear map from values to pixels. */
function linear(low, high, from, to) {
    const width = high - low || 1;
    const scale = value => from + ((value - low) / width) * (to - from);
    return Object.assign(scale, {low, high, ticks: n => ticks(low, high, n), format: tickFormat});
}

/** A logarithmic one, with ticks at powers of ten, where these are few at twice and five times as much, too. */
function logarithmic(low, high, from, to) {
    const a = Math.log10(low),
        b = Math.log10(high);
    const scale = value => from + ((Math.log10(value) - a) / (b - a || 1)) * (to - from);
    const multiples = digits => {
        const found = [];
        for (let k = Math.floor(a); k <= b + 1e-9; k++) found.push(...digits.map(digit => Number(`${digit}e${k}`)));
        return found.filter(value => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
    };
    const marks = () =>
        [multiples([1]), multiples([1, 2, 5])].find(found => found.length > 1) ??
        [low, high].map(value => Number(value.toPrecision(3)));
    return Object.assign(scale, {low, high, ticks: marks, format: tickFormat});
}

function tickFormat(value) {
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-3 || size >= 1e5)) {
        const [digits, power] = value.toExponential().split("e");
        const superscript = String(Number(power)).replace(/[-\d]/g, c => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]));
        return Number(digits) === 1 ? `10${superscript}` : `${Number(Number(digits).toPrecision(2))}·10${superscript}`;
    }
    return String(Number(value.toPrecision(6))).replace("-", MINUS);
}

/** The ends of all finite values, with a margin; a single value gets some room. */
function extent(values, margin = 0.04) {
    let low = Infinity,
        high = -Infinity;
    for (const value of values) {
        if (value === null || !Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
    }
    if (low > high) return [0, 1];
    const room = (high - low || Math.abs(high) || 1) * margin;
    return [low - room, high + room];
}
