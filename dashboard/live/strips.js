// Three strips over the last seconds: the sound with its losses, arousal, valence; new at every answer.

const STRIPS = [["sound", 76], ["arousal", 104], ["valence", 104]]; // and their heights
const GAP = 26; // above a strip, for its name
const SCALE_HEIGHT = 26;
const STRIPS_HEIGHT = STRIPS.reduce((sum, [, height]) => sum + GAP + height, SCALE_HEIGHT);
const SCALE_WIDTH = 34; // left of the strips

function drawStrips(canvas, history, colours, font, mark) {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  if (!width) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(STRIPS_HEIGHT * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const right = history.now;
  const x = (seconds) => SCALE_WIDTH + ((seconds - right) / WINDOW + 1) * (width - SCALE_WIDTH);
  const hatch = hatching(pen, colours, ratio);
  hatch.setTransform(new DOMMatrix().scale(1 / ratio));
  let top = 0;
  for (const [name, height] of STRIPS) {
    top += GAP;
    pen.font = `600 13px ${font}`;
    write(pen, colours.ink, name[0].toUpperCase() + name.slice(1), SCALE_WIDTH, top - 8, "left");
    pen.save();
    pen.beginPath();
    pen.rect(SCALE_WIDTH, top, width - SCALE_WIDTH, height);
    pen.clip();
    if (name === "sound") drawSound(pen, history, x, top, height, colours);
    shadeLost(pen, history, x, top, height, name === "sound" ? [colours.paperVeil, colours.lost_shade, hatch]
      : [colours.lost_shade]);
    if (name !== "sound") drawCourses(pen, history, name === "arousal" ? 0 : 1, x, top, height, colours);
    if (mark !== null) { pen.fillStyle = colours.ink; pen.fillRect(x(mark) - 1, top, 2, height); }
    pen.restore();
    drawFrame(pen, name, top, height, width, colours, font);
    top += height;
  }
  drawSeconds(pen, right, x, top, width, colours, font);
}

function write(pen, colour, text, x, y, align) {
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.textBaseline = "alphabetic";
  pen.fillText(text, x, y);
}

function drawSound(pen, history, x, top, height, colours) {
  const loudest = history.peaks.reduce((most, [low, high]) => Math.max(most, -low, high), 0.02) * 1.05;
  const step = x(PEAK / SAMPLE_RATE) - x(0);
  pen.fillStyle = colours.sound;
  history.peaks.forEach(([low, high], place) => {
    const at = x(history.now - ((history.peaks.length - place) * PEAK) / SAMPLE_RATE);
    const upper = top + (height / 2) * (1 - high / loudest);
    pen.fillRect(at, upper, Math.max(step, 0.6), Math.max(1, ((high - low) / loudest) * (height / 2)));
  });
}

function shadeLost(pen, history, x, top, height, fills) {
  for (const fill of fills) {
    pen.fillStyle = fill;
    for (const { start, end, received } of history.runs) {
      if (!received) pen.fillRect(x(start), top, x(end) - x(start), height);
    }
  }
}

// Dotted where nothing is lost, solid after loss: as in every picture of these pages.
function drawCourses(pen, history, dimension, x, top, height, colours) {
  const place = (value) => top + (height / 2) * (1 - Math.max(-1, Math.min(1, value)));
  pen.fillStyle = colours.ribbon;
  for (let first = 0; first < history.courses.length; first++) { // where nine of ten gold standards lie, if known
    const run = [];
    while (history.courses[first]?.band?.[dimension]) run.push(history.courses[first++]);
    pen.beginPath();
    for (const { time, band } of run) pen.lineTo(x(time), place(band[dimension][1]));
    for (const { time, band } of run.reverse()) pen.lineTo(x(time), place(band[dimension][0]));
    pen.fill();
  }
  const looks = [["clean", colours.clean, [2, 3]], ["received", colours.received, []]];
  for (const [which, colour, dashes] of looks) {
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.setLineDash(dashes);
    pen.beginPath();
    for (const course of history.courses) {
      if (!course[which]) continue;
      pen.lineTo(x(course.time), place(course[which][dimension]));
    }
    pen.stroke();
    const last = history.courses.at(-1);
    pen.setLineDash([]);
    if (!last?.[which]) continue;
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x(last.time), place(last[which][dimension]), 3.5, 0, 2 * Math.PI);
    pen.fill();
  }
}

function drawFrame(pen, name, top, height, width, colours, font) {
  pen.font = `12px ${font}`;
  pen.fillStyle = colours.undefined;
  const lines = name === "sound" ? [0.5] : [0, 0.25, 0.5, 0.75, 1];
  for (const line of lines) {
    pen.globalAlpha = line === 0.5 ? 1 : 0.45;
    pen.fillRect(SCALE_WIDTH, Math.min(top + height - 1, top + line * height), width - SCALE_WIDTH, 1);
  }
  pen.globalAlpha = 1;
  if (name === "sound") return;
  for (const [line, text] of [[0, "1"], [0.5, "0"], [1, "−1"]]) {
    write(pen, colours.ink, text, SCALE_WIDTH - 7, top + line * (height - 10) + 9, "right");
  }
}

function drawSeconds(pen, right, x, top, width, colours, font) {
  pen.font = `12px ${font}`;
  const step = width < 480 ? 10 : 5;
  for (let ago = 0; ago <= WINDOW; ago += step) {
    pen.fillStyle = colours.ink;
    pen.fillRect(Math.min(x(right - ago), width - 1), top, 1, 5);
    const text = ago ? `−${ago} s` : "now";
    write(pen, colours.ink, text, x(right - ago), top + 20, ago === 0 ? "right" : ago === WINDOW ? "left" : "center");
  }
}
