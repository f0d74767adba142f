// What the network makes of it, under the waveform and on its time axis; the numbers come from Python.

const LINES = [["gold", 4, []], ["clean", 2, [2, 3]], ["after", 2, []]]; // thick, dotted, plain: not colour alone
const EDGES = ["low", "high"]; // of the band in which the gold standard may lie

function floatsOf(text) {
  return new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}

// A message of Python's: whose curves these are, and one course of each line for each dimension.
function readCurves(sent) {
  const dimensions = sent.dimensions.map((each) => {
    const names = [...LINES.map(([name]) => name), ...EDGES];
    const courses = names.map((name) => [name, floatsOf(each[name])]).filter(([, course]) => course.length);
    return { ...each, courses: Object.fromEntries(courses) };
  });
  return { ...sent, dimensions };
}

function drawCurves(pen, dimensions, heights, width, ratio, colours, upToDate) {
  const colourOf = { gold: colours.gold, clean: colours.clean, after: colours.received };
  dimensions.forEach(({ courses }, index) => {
    const top = (heights.wave + index * heights.band) * ratio;
    const half = ((heights.band - heights.words) * ratio) / 2;
    const middle = top + heights.words * ratio + half;
    const y = (value) => middle - value * (half - 2 * ratio);
    drawGrid(pen, top, y, width, ratio, heights.scale, colours);
    if (courses.low && courses.high) {
      pen.fillStyle = upToDate ? colours.received : colours.ink;
      pen.globalAlpha = upToDate ? 0.16 : 0.05;
      fillBand(pen, courses.low, courses.high, y, width);
    }
    pen.globalAlpha = upToDate ? 1 : 0.25; // old curves are greyed until the new ones come
    for (const [name, thickness, dashes] of LINES) {
      if (!courses[name]) continue;
      pen.strokeStyle = pen.fillStyle = upToDate ? colourOf[name] : colours.ink;
      pen.lineWidth = thickness * ratio;
      pen.setLineDash(dashes.map((dash) => dash * ratio));
      drawCourse(pen, courses[name], y, width);
    }
    pen.globalAlpha = 1;
    pen.setLineDash([]);
  });
}

function drawGrid(pen, top, y, width, ratio, scale, colours) {
  pen.fillStyle = colours.ink;
  pen.globalAlpha = 0.3;
  pen.fillRect(0, top, width, ratio); // above it is another picture
  pen.globalAlpha = 0.14;
  for (const value of [-0.5, 0, 0.5]) pen.fillRect(0, y(value), width, ratio);
  pen.globalAlpha = 0.75;
  pen.font = `${10 * scale * ratio}px sans-serif`;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const value of [-0.5, 0, 0.5]) {
    pen.fillText(String(value).replace("-", "\u2212"), width - 2 * ratio, y(value));
  }
  pen.globalAlpha = 1;
}

// Frames without a value leave a gap; one that stands alone between two gaps becomes a dot.
function drawCourse(pen, course, y, width) {
  const x = (frame) => ((frame + 0.5) / course.length) * width;
  let begun = false;
  pen.beginPath();
  course.forEach((value, frame) => {
    if (Number.isNaN(value)) { begun = false; return; }
    if (begun) pen.lineTo(x(frame), y(value)); else pen.moveTo(x(frame), y(value));
    const alone = !begun && !(frame + 1 < course.length && !Number.isNaN(course[frame + 1]));
    if (alone) { pen.fillRect(x(frame) - pen.lineWidth, y(value) - pen.lineWidth, 2 * pen.lineWidth, 2 * pen.lineWidth); }
    begun = true;
  });
  pen.stroke();
}

// A shape for each stretch of frames of which something may be said; each frame as wide as it lasts.
function fillBand(pen, low, high, y, width) {
  const x = (frame) => (frame / low.length) * width;
  let first = 0;
  while (first < low.length) {
    if (Number.isNaN(low[first])) { first += 1; continue; }
    let end = first;
    while (end < low.length && !Number.isNaN(low[end])) end += 1;
    pen.beginPath();
    for (let frame = first; frame < end; frame += 1) for (const at of [frame, frame + 1]) pen.lineTo(x(at), y(high[frame]));
    for (let frame = end - 1; frame >= first; frame -= 1) for (const at of [frame + 1, frame]) pen.lineTo(x(at), y(low[frame]));
    pen.fill();
    first = end;
  }
}

// Each curve's name and scores lie over its band; while new ones are awaited, it says so.
function labelCurves(root, curves, heights, awaited) {
  const labels = curves.dimensions.map(({ name, said }, index) => {
    const [label, title] = ["p", "b"].map((tag) => document.createElement(tag));
    title.textContent = name;
    label.append(title, awaited || said);
    label.style.top = `${heights.wave + index * heights.band}px`;
    return label;
  });
  root.querySelector(".labels").replaceChildren(...labels);
  root.querySelector(".legend .of-band").hidden = !curves.dimensions.some(({ courses }) => courses.low);
  if (!awaited) root.querySelector(".told").textContent = curves.told;
  root.querySelector(".wave").setAttribute("aria-busy", Boolean(awaited));
}
