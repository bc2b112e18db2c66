/* SPDX-License-Identifier: GPL-2.0-only */
/* The page that shows a run: lanes, bars, and a place in time that keys move. */
"use strict";
(function () {
	const runs = JSON.parse(document.getElementById("data").textContent);
	const page = document.getElementById("page");
	const SVG = "http://www.w3.org/2000/svg";
	const LEFT = 118, RIGHT = 16, LANE = 44, BAR = 20, HEAD = 34, BARS = 14;
	let WIDTH = 1320; /* of a picture; its texts stay as large where the window is narrow */
	const OWED = "flush by the hypervisor: owed at once, done (the arrow's end) before the vCPU runs on; no interrupt";
	const SEQ = 0, CPU = 1, WEIGHT = 2, RAW = 3, SENTENCE = 4;
	const shown = { run: 0, both: false };

	for (const run of runs) {
		run.at = startOf(run);
		run.first = 0;
		run.count = Math.min(run.events.length, 320);
		follow(run);
	}

	/* What is wrong, or else the story's first step. */
	function startOf(run) {
		if (run.bad >= 0)
			return run.bad;
		if (run.start >= 0)
			return run.start;
		return Math.max(0, run.events.findIndex((e) => e[WEIGHT] > 1));
	}

	/* What is drawn is a stretch of events that holds the current one. */
	function follow(run) {
		const last = Math.max(0, run.events.length - run.count);

		if (run.at < run.first || run.at >= run.first + run.count)
			run.first = Math.round(run.at - run.count / 2);
		run.first = Math.max(0, Math.min(last, run.first));
	}

	function make(tag, attributes, text, parent) {
		const svg = ["svg", "rect", "line", "path", "circle", "text", "title", "defs", "pattern",
			     "g"].includes(tag);
		const e = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);

		for (const name in attributes)
			e.setAttribute(name, attributes[name]);
		if (text !== undefined)
			e.textContent = text;
		if (parent)
			parent.appendChild(e);
		return e;
	}

	function scale(run) {
		return (WIDTH - LEFT - RIGHT) / Math.max(1, run.count);
	}
	function x(run, i) {
		return LEFT + (i - run.first + 0.5) * scale(run);
	}
	function laneY(cpu) {
		return HEAD + cpu * LANE;
	}
	function clip(run, from, to) {
		const a = Math.max(from, run.first), b = Math.min(to, run.first + run.count - 1);

		return a > b ? null : [x(run, a) - scale(run) / 2, x(run, b) + scale(run) / 2];
	}

	const places = { /* top and height in a lane */
		lazy: [2, 40], walk: [6, 16], level: [11, 6], held: [6, 16], flush: [25, 9], irq: [35, 6],
		wake: [36, 4],
	};

	/* Of what is narrower than a pixel, one in each; "drawn" has the last one of each name. */
	function seenAlready(drawn, name, from, to) {
		if (to - from >= 1)
			return false;
		const same = drawn[name] === Math.floor(from);

		drawn[name] = Math.floor(from);
		return same;
	}

	function drawSpan(run, svg, span, drawn) {
		const [cpu, kind, from, to, label, irqsOff] = span;
		const range = clip(run, from, to);

		if (!range || seenAlready(drawn, kind + cpu, range[0], range[1]))
			return;
		const y = laneY(cpu) + places[kind][0], width = Math.max(1.5, range[1] - range[0]);
		const rect = make("rect", { class: "span " + kind, x: range[0], y: y, width: width,
					    height: places[kind][1], rx: 2 }, undefined, svg);

		make("title", {}, label, rect);
		if (kind === "walk" && irqsOff)
			make("line", { class: "irqsoff", x1: range[0], x2: range[0] + width, y1: y,
				       y2: y }, undefined, svg);
		if ((kind === "walk" || kind === "flush") && width > 7 * label.length)
			make("text", { class: kind === "walk" ? "halo" : "", x: range[0] + 4,
				       y: y + (kind === "walk" ? -3 : 8), "font-size": kind === "walk" ? 10 : 9 },
			     label, svg);
		if (kind === "held" && width > 60)
			make("text", { x: range[0] + width / 2, y: y + 12, "text-anchor": "middle",
				       "font-size": 11 }, "held", svg);
	}

	function drawArrow(run, svg, arrow) {
		const [from, to, kind] = arrow;

		if (!clip(run, from, from) || !clip(run, to, to))
			return;
		const y1 = laneY(run.events[from][CPU]) + 30, y2 = laneY(run.events[to][CPU]) + 36;
		const x1 = x(run, from), x2 = x(run, to), up = y2 < y1 ? 1 : -1;
		const w = kind === "wake" ? 2 : 3.5;

		const line = make("path", { class: kind, d: `M${x1},${y1} L${x2},${y2 + 5 * up}` },
				  undefined, svg);

		if (kind === "call")
			make("title", {}, OWED, line);
		make("path", { class: kind + "head",
			       d: `M${x2},${y2} l-${w},${2 * w * up} l${2 * w},0 z` }, undefined, svg);
	}

	function drawSkip(run, svg, at, drawn) {
		if (!clip(run, at, at))
			return;
		const cx = x(run, at), cpu = run.events[at][CPU], y = laneY(cpu) + 25;
		const near = cx - drawn["skip" + cpu] < 90;

		if (cx - drawn["skip" + cpu] < 4)
			return;
		drawn["skip" + cpu] = cx;

		make("path", { class: "skip", d: `M${cx - 8},${y - 8} L${cx + 8},${y + 8} ` +
			       `M${cx + 8},${y - 8} L${cx - 8},${y + 8}` }, undefined, svg);
		if (!near)
			make("text", { class: "skiptext halo", x: cx + 11, y: y - 8 }, "sync skipped", svg);
	}

	function barName(part) {
		return part[2] !== "owned" ? part[2] : part[3] ? "mm " + part[3] : "taken";
	}

	function drawBar(run, svg, bar, y, drawn) {
		make("text", { x: 4, y: y + 14, "font-size": 10.5 }, bar.name, svg);
		for (const part of bar.parts) {
			const range = clip(run, part[0], part[1] - 1);

			if (!range || seenAlready(drawn, "part" + y, range[0], range[1]))
				continue;
			const rect = make("rect", { class: part[2], x: range[0], y: y + 3, height: BAR - 6,
						    width: Math.max(1, range[1] - range[0]) },
					  undefined, svg);

			make("title", {}, barName(part), rect);
			if (range[1] - range[0] > 7 * barName(part).length)
				make("text", { x: range[0] + 4, y: y + 14, "font-size": 10.5 },
				     barName(part), svg);
		}
		for (const dot of bar.dots)
			if (clip(run, dot[0], dot[0]) &&
			    (dot[1] || !seenAlready(drawn, "dot" + y, x(run, dot[0]), x(run, dot[0]))))
				make("circle", { class: dot[1] ? "dot bad" : "dot", cx: x(run, dot[0]),
						 cy: y + BAR / 2, r: dot[1] ? 5.5 : 2.2 },
				     undefined, svg);
	}

	/* Bars that something happens to within what is drawn. */
	function barsOf(run) {
		return run.bars.filter((bar) => bar.parts.some(
			(p) => p[0] >= run.first && p[0] < run.first + run.count));
	}

	/* Where the stretch is in the run; a click goes there. */
	function drawWhole(run, svg) {
		const all = run.events.length, width = WIDTH - LEFT - RIGHT;
		const place = (i) => LEFT + width * i / all;

		make("rect", { class: "whole", x: LEFT, y: 17, width: width, height: 6, rx: 3 }, undefined,
		     svg);
		make("rect", { class: "stretch", x: place(run.first), y: 17, height: 6, rx: 3,
			       width: Math.max(4, width * run.count / all) }, undefined, svg);
		if (run.bad >= 0)
			make("circle", { class: "event bad", cx: place(run.bad), cy: 20, r: 4 }, undefined,
			     svg);
	}

	function drawEvents(run, svg, drawn) {
		const end = Math.min(run.events.length, run.first + run.count);

		for (let i = run.first; i < end; i++) {
			const e = run.events[i], step = e[WEIGHT] > 1;

			if (scale(run) < 2 && !step && i !== run.at)
				continue;
			if (i !== run.bad && seenAlready(drawn, "event" + e[CPU], x(run, i), x(run, i)))
				continue;
			make("circle", { class: "event" + (step ? " step" : "") +
					 (i === run.bad ? " bad" : ""), cx: x(run, i),
					 cy: laneY(e[CPU]) + 22, r: i === run.bad ? 5 : step ? 2.4 : 1.3 },
			     undefined, svg);
		}
	}

	function draw(run) {
		const changed = barsOf(run), bars = changed.slice(0, BARS), drawn = {};
		const top = laneY(run.cpus) + 8, height = top + bars.length * BAR + 24;
		const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img",
					  "aria-label": run.title, "data-at": run.at });
		const defs = make("defs", {}, undefined, svg);
		const hatch = make("pattern", { id: "hatch", width: 7, height: 7,
						patternUnits: "userSpaceOnUse",
						patternTransform: "rotate(45)" }, undefined, defs);

		make("rect", { width: 7, height: 7, fill: "var(--held)", opacity: 0.35 }, undefined, hatch);
		make("rect", { width: 3, height: 7, fill: "var(--held)" }, undefined, hatch);
		make("text", { x: LEFT, y: 12, class: "soft" },
		     `the key is ${run.key ? "on" : "off"}${run.forced ? " (forced)" : ""}; ` +
		     `events #${run.events[run.first][SEQ]} to ` +
		     `#${run.events[Math.min(run.events.length, run.first + run.count) - 1][SEQ]}` +
		     `${run.count < run.events.length ? " of " + run.events.length : ""}, ` +
		     "one after the other", svg);
		if (run.count < run.events.length)
			drawWhole(run, svg);
		for (let cpu = 0; cpu < run.cpus; cpu++) {
			make("text", { x: 4, y: laneY(cpu) + 26, "font-weight": 600 }, "CPU " + cpu, svg);
			make("line", { class: "lane", x1: LEFT, x2: WIDTH - RIGHT, y1: laneY(cpu) + 22,
				       y2: laneY(cpu) + 22 }, undefined, svg);
		}
		for (const kind of ["lazy", "flush", "wake", "irq", "walk", "level", "held"])
			for (const span of run.spans)
				if (span[1] === kind)
					drawSpan(run, svg, span, drawn);
		drawEvents(run, svg, drawn);
		if (run.count <= 2000)
			for (const wakes of [true, false])
				run.arrows.filter((a) => (a[2] === "wake") === wakes)
					.forEach((a) => drawArrow(run, svg, a));
		run.skips.forEach((at) => drawSkip(run, svg, at, drawn));
		bars.forEach((bar, i) => drawBar(run, svg, bar, top + i * BAR, drawn));
		if (changed.length > BARS)
			make("text", { x: LEFT, y: height - 8, class: "soft" },
			     `and ${changed.length - BARS} more tables and pages: closer (+) for fewer`, svg);
		make("line", { class: "here", x1: x(run, run.at), x2: x(run, run.at), y1: HEAD - 4,
			       y2: height - 20 }, undefined, svg);
		make("path", { class: "herecap", d: `M${x(run, run.at)},${HEAD - 2} l-5,-8 l10,0 z` },
		     undefined, svg);
		listen(run, svg);
		return svg;
	}

	function eventAt(run, svg, mouse) {
		const box = svg.getBoundingClientRect();
		const at = (mouse.clientX - box.left) * WIDTH / box.width;
		const down = (mouse.clientY - box.top) * WIDTH / box.width;
		const whole = run.count < run.events.length && down >= 14 && down < HEAD - 8;
		const each = whole ? (WIDTH - LEFT - RIGHT) / run.events.length : scale(run);
		const i = (whole ? 0 : run.first) + Math.floor((at - LEFT) / each);

		return Math.max(0, Math.min(run.events.length - 1, i));
	}

	function listen(run, svg) {
		const tip = document.getElementById("tip");

		svg.addEventListener("click", (m) => { goTo(run, eventAt(run, svg, m)); });
		svg.addEventListener("mousemove", (m) => {
			const e = run.events[eventAt(run, svg, m)];

			tip.textContent = e[RAW];
			tip.style.display = "block";
			tip.style.left = Math.max(0, Math.min(m.clientX + 14,
							      innerWidth - tip.offsetWidth - 8)) + "px";
			tip.style.top = m.clientY + 16 + "px";
		});
		svg.addEventListener("mouseleave", () => { tip.style.display = "none"; });
	}

	function goTo(run, at) {
		run.at = Math.max(0, Math.min(run.events.length - 1, at));
		follow(run);
		show();
	}

	/* What the CPU may have cached at that event: the last set that was told of it. */
	function cachedAt(run, at) {
		const cpu = run.events[at][CPU], sets = run.cached ? run.cached.sets : [];
		let found = [at, cpu, [], []];

		for (const set of sets) {
			if (set[0] > at)
				break;
			if (set[1] === cpu)
				found = set;
		}
		return found;
	}

	function showCached(run, parent) {
		const set = cachedAt(run, run.at), cpu = run.events[run.at][CPU];
		const box = make("details", { class: "cached", open: "" }, undefined, parent);

		make("summary", {}, `what CPU ${cpu} may have cached here: ${set[2].length} entries` +
		     (set[3].length ? `, and ${set[3].length} that are out of date` : ""), box);
		const list = make("ul", {}, undefined, box);

		for (const id of set[3])
			make("li", { class: "old" }, run.cached.entries[id] + " (out of date)", list);
		for (const id of set[2].slice(0, 24))
			make("li", {}, run.cached.entries[id], list);
		if (set[2].length > 24)
			make("li", {}, `and ${set[2].length - 24} more`, list);
	}

	function legend(parent) {
		const p = make("div", { class: "legend" }, undefined, parent);

		for (const [kind, text] of [["walk", "walk; thick edge: IRQs off"], ["level", "level of it"],
					    ["held", "held by the VMM"], ["flush", "flush"],
					    ["irq", "interrupt"], ["wake", "only woken: no flush"],
					    ["lazy", "lazy TLB"], ["owned", "owned by an mm"],
					    ["unhooked", "table unhooked"], ["deposited", "deposited"],
					    ["free", "free"]]) {
			const entry = make("span", {}, text, p);

			entry.prepend(make("i", { style: `background:var(--${kind})` }));
		}
		for (const [kind, text] of [["ipi", "IPI"], ["wake", "wake-up"],
					    ["call", OWED]])
			make("span", {}, text, p).prepend(make("i", { class: "line " + kind }));
	}

	function showRun(run, whole) {
		const moved = shown.both && run === runs[shown.run];
		const parent = make("section", moved ? { class: "moved" } : {}, undefined, whole);
		const h = make("h1", {}, run.title, parent), e = run.events[run.at];

		make("span", { class: "chip " + run.verdict }, run.verdict, h);
		if (!e) {
			make("p", {}, "This run has no events.", parent);
			return;
		}
		parent.appendChild(draw(run));
		const now = make("div", { class: run.at === run.bad ? "now bad" : "now" }, undefined, parent);

		make("div", { class: "sentence" }, e[SENTENCE], now);
		make("div", { class: "raw" }, e[RAW], now);
		if (run.cached)
			showCached(run, parent);
		else
			make("p", { class: "keys" }, "What CPUs may have cached is told of shorter runs only.",
			     parent);
		make("pre", { class: "ending" }, run.ending, parent);
	}

	/* Keys, and what they do; a click does it, too. */
	function keyEntry(parent, names, does) {
		const label = { ArrowLeft: "\u2190", ArrowRight: "\u2192", "-": "\u2212" };
		const entry = make("span", {}, undefined, parent);

		for (const name of names)
			make("button", { class: "key", "data-key": name }, label[name] || name, entry)
				.addEventListener("click", () => { key(name); });
		entry.appendChild(document.createTextNode(" " + does));
	}

	function windowWidth() {
		return document.documentElement.clientWidth;
	}
	/* Is there room for two pictures in a row? */
	function inColumns() {
		return windowWidth() >= 1740;
	}

	function show() {
		const two = shown.both && inColumns();

		WIDTH = Math.max(820, Math.min(1320, two ? windowWidth() / 2 - 50 : windowWidth() - 40));
		const main = make("main", two ? { class: "two" } : {});

		if (!document.getElementById("tip"))
			make("div", { id: "tip" }, undefined, document.body);
		page.replaceChildren(main);
		const keys = make("p", { class: "keys" }, undefined, main);

		for (const [names, does] of [[["ArrowLeft", "ArrowRight"], "an event"], [["p", "n"], "a step"],
					     [["v"], "what is wrong"], [["+", "-"], "closer and wider"],
					     [["c"], "side by side"], [["o"], "the other"],
					     [["d"], "dark"]])
			if (runs.length > 1 || !"co".includes(names[0]))
				keyEntry(keys, names, does);
		legend(main);
		if (runs.length > 1 && !shown.both)
			make("p", { class: "hint" }, "There is another run beside this one, " +
			     `${runs[1 - shown.run].title}. c: side by side. o: the other.`, main);
		const list = shown.both ? runs : [runs[shown.run]];

		list.forEach((run) => showRun(run, main));
	}

	function step(run, by) {
		for (let i = run.at + by; i >= 0 && i < run.events.length; i += by)
			if (run.events[i][WEIGHT] > 1)
				return goTo(run, i);
		return undefined;
	}

	function zoom(run, factor) {
		run.count = Math.max(20, Math.min(run.events.length, Math.round(run.count * factor)));
		run.first = Math.round(run.at - run.count / 2);
		follow(run);
		show();
	}

	function isDark() {
		const set = document.documentElement.classList;

		return set.contains("dark") ||
			!set.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches;
	}

	function colour(name) {
		document.documentElement.classList.remove("light", "dark");
		document.documentElement.classList.add(name);
	}

	function key(name) {
		const run = runs[shown.run];

		switch (name) {
		case "ArrowLeft": return goTo(run, run.at - 1);
		case "ArrowRight": return goTo(run, run.at + 1);
		case "Home": return goTo(run, 0);
		case "End": return goTo(run, run.events.length - 1);
		case "n": return step(run, 1);
		case "p": return step(run, -1);
		case "v": return run.bad >= 0 ? goTo(run, run.bad) : undefined;
		case "+": case "=": return zoom(run, 0.5);
		case "-": return zoom(run, 2);
		case "o": shown.run = (shown.run + 1) % runs.length; return show();
		case "c": shown.both = !shown.both && runs.length > 1; return show();
		case "d": return colour(isDark() ? "light" : "dark");
		}
		return undefined;
	}

	document.addEventListener("keydown", (e) => {
		if (e.ctrlKey || e.altKey || e.metaKey)
			return;
		if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(e.key))
			e.preventDefault();
		key(e.key);
	});
	window.addEventListener("resize", show);
	for (const name of ["light", "dark"])
		if (location.hash.includes(name))
			colour(name);
	if (location.hash.includes("both") || inColumns())
		shown.both = runs.length > 1;
	show();
})();
