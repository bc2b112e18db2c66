/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests/page.sh: what a reader does to a page of pvtlb show, and what the page says after it. */
"use strict";
(function () {
	const page = document.getElementById("page");
	const result = document.createElement("pre");

	result.id = "selftest";
	document.body.appendChild(result);

	const picture = () => page.querySelector("svg");
	const place = () => Number(picture().dataset.at);
	const raw = () => page.querySelector(".raw").textContent;
	const tip = () => document.getElementById("tip");

	function press(name) {
		document.dispatchEvent(new KeyboardEvent("keydown", { key: name }));
	}

	/* The mouse on the picture, at a place of the drawing: across as part of its width. */
	function mouse(kind, across, down) {
		const box = picture().getBoundingClientRect();
		const scale = box.width / picture().viewBox.baseVal.width;

		picture().dispatchEvent(new MouseEvent(kind, {
			clientX: box.left + across * scale, clientY: box.top + down * scale, bubbles: true,
		}));
	}

	/* Name of what was done: where the first run is, pictures, event, paper. */
	function say(name) {
		result.textContent += `${name}: ${place()} ${page.querySelectorAll("svg").length} ` +
			`${raw().split(" ")[0]} ` +
			`${getComputedStyle(document.body).backgroundColor.replace(/ /g, "")}\n`;
	}

	function check(what, holds) {
		result.textContent += `check: ${holds ? "ok" : "WRONG"} ${what}\n`;
	}

	check("a hint that there is another run where one is shown of two",
	      (page.querySelector(".hint") !== null) === (page.querySelector('.key[data-key="o"]') !== null));

	for (const name of ["Home", "ArrowRight", "ArrowRight", "ArrowLeft", "n", "n", "p", "v", "+", "-",
			    "End", "ArrowRight", "c", "d", "d"]) {
		press(name);
		say(name);
	}

	/* One picture again, if there were two. */
	if (page.querySelectorAll("svg").length > 1)
		press("c");

	/*
	 * Hover: where the line is it tells of the event that is told of below. Closer, so that an event
	 * is wider than the pixels that a mouse has to be at.
	 */
	press("+");
	press("+");
	press("Home");
	press("n");
	const line = picture().querySelector(".here"), here = Number(line.getAttribute("x1"));
	const lane = 60, there = here + 200, before = place();

	check("no tip before the mouse is there", getComputedStyle(tip()).display === "none");
	mouse("mousemove", here, lane);
	check("a tip", getComputedStyle(tip()).display === "block");
	check("the tip tells of the event under it", tip().textContent === raw());
	mouse("mousemove", there, lane);
	const told = tip().textContent;

	check("another one further on", told !== raw() && told.startsWith("#"));
	check("the tip is within the window", tip().getBoundingClientRect().right <= innerWidth);
	check("hovering does not move", before === place());
	mouse("click", there, lane);
	check("a click goes to the event under it", raw() === told && place() > before);
	mouse("mouseleave", there, lane);
	check("no tip when the mouse has left", getComputedStyle(tip()).display === "none");

	/* The strip of the whole run, once the picture is of a part. */
	press("Home");
	press("+");
	const whole = picture().querySelector(".whole");

	check("a strip of the whole run", whole !== null);
	if (whole) {
		const left = Number(whole.getAttribute("x")), width = Number(whole.getAttribute("width"));
		const y = Number(whole.getAttribute("y")) + 3;

		mouse("click", left + 0.75 * width, y);
		const at = place();

		press("End");
		const last = place();

		check("a click on the strip goes there", Math.abs(at - 0.75 * last) <= 0.01 * last + 1);
		mouse("click", left + 1, y);
		check("and back to its begin", place() <= 0.01 * last + 1);
	}

	/* The strip of keys: a click on one does what the key does. */
	const button = (name) => page.querySelector(`.key[data-key="${name}"]`);

	press("Home");
	press("n");
	const step = place();

	press("Home");
	button("n").click();
	check("a click on n is n", place() === step && step > 0);
	button("ArrowLeft").click();
	check("a click on the arrow is one back", place() === step - 1);
	const paper = getComputedStyle(document.body).backgroundColor;

	button("d").click();
	check("a click on d is d", getComputedStyle(document.body).backgroundColor !== paper);

	/* A CPU that is only woken looks other than one that is interrupted to flush. */
	const fill = (name) => {
		const one = picture().querySelector(`rect.span.${name}`);

		return one ? getComputedStyle(one).fill : name;
	};
	press("-");
	check("woken is not drawn as interrupted", fill("wake") !== fill("irq"));
	result.textContent += "done\n";
})();
