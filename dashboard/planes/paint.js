// One picture of a plane of channels: cells, lines of equal loss, honest ticks, and a ring around the one in hand.

const EQUAL_LOSS = [0.25, 0.5, 0.75];

// Where the cells lie on the screen. Views say their axes from 0 (left, bottom) to 1 and the steps of their cells.
class Frame {
  constructor(width, view, scale) {
    this.view = view;
    this.scale = scale;
    this.left = Math.round(46 * scale);
    this.bottom = Math.round(44 * scale);
    this.top = Math.round(6 * scale);
    this.width = Math.max(40, width - this.left - Math.round(8 * scale));
    this.height = this.width;
    this.cell = [this.width / view.columns, this.height / view.rows];
  }

  get total() { return this.top + this.height + this.bottom; }
  // Left upper corner of a cell; column and row may be fractions.
  at(column, row) { return [this.left + column * this.cell[0], this.top + this.height - (row + 1) * this.cell[1]]; }
  // Centre of a place given as shares of both axes.
  place([x, y]) {
    const [left, top] = this.at(x * (this.view.columns - 1), y * (this.view.rows - 1));
    return [left + this.cell[0] / 2, top + this.cell[1] / 2];
  }
  // The cell under a point; null outside.
  cellOf(x, y) {
    const column = Math.floor((x - this.left) / this.cell[0]);
    const row = Math.floor((this.top + this.height - y) / this.cell[1]);
    const inside = column >= 0 && row >= 0 && column < this.view.columns && row < this.view.rows;
    return inside ? { column, row } : null;
  }
}

function colourOf(value, scale) {
  const share = Math.min(1, Math.max(0, (value - scale.low) / (scale.high - scale.low)));
  return scale.colours[Math.round(share * (scale.colours.length - 1))];
}

// A difference whose interval holds zero is paler: it may be chance.
function paintCells(pen, frame, cells, scale, colours, signed = false) {
  const [width, height] = frame.cell;
  for (let column = 0; column < frame.view.columns; column++) {
    for (let row = 0; row < frame.view.rows; row++) {
      const value = cells.value[column * frame.view.rows + row];
      const [x, y] = frame.at(column, row);
      pen.fillStyle = Number.isNaN(value) ? colours.undefined : colourOf(value, scale);
      const box = [x, y, width - (width > 5 ? 1 : 0), height - (height > 5 ? 1 : 0)];
      pen.fillRect(...box);
      const at = column * frame.view.rows + row;
      if (signed && cells.low[at] <= 0 && cells.high[at] >= 0) {
        pen.fillStyle = colours.paperVeil;
        pen.fillRect(...box);
      }
      if (Number.isNaN(value)) write(pen, "×", x + width / 2, y + height / 2, { size: 11, colour: colours.ink });
    }
  }
}

function write(pen, text, x, y, { size = 12, colour, align = "center", turn = 0, room = Infinity } = {}) {
  pen.save();
  pen.translate(x, y);
  pen.rotate(turn);
  pen.font = `${size * pen.typeScale}px ${pen.typeFace}`;
  const wide = pen.measureText(text).width;
  if (wide > room) pen.font = `${(size * pen.typeScale * room) / wide}px ${pen.typeFace}`;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  if (colour) pen.fillStyle = colour;
  pen.fillText(text, 0, 0);
  pen.restore();
}

function line(pen, points, colour, width, dash = []) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
  pen.setLineDash([]);
}

// Channels of the whole plane that lose the same share lie on a straight line through (1, 1): Eq. 1.
function paintEqualLoss(pen, frame) {
  for (const rate of EQUAL_LOSS) {
    const first = Math.max(0, 1 - rate / (1 - rate));
    const ends = [first, 1].map((pN) => frame.place([pN, 1 - ((1 - pN) * (1 - rate)) / rate]));
    line(pen, ends, "rgba(0,0,0,0.7)", 3);
    line(pen, ends, "#FFFFFF", 1.4, [2, 3]);
    const [x, y] = ends[0];
    const text = `${100 * rate} %`;
    pen.font = `${11 * pen.typeScale}px ${pen.typeFace}`;
    const wide = pen.measureText(text).width + 4, high = 14 * pen.typeScale;
    pen.fillStyle = "rgba(0,0,0,0.75)";
    pen.fillRect(x, y - high, wide, high);
    write(pen, text, x + 2, y - high / 2, { size: 11, colour: "#FFFFFF", align: "left" });
  }
}

function paintAxes(pen, frame, view, ink) {
  for (const [place, text] of view.x.ticks) {
    const [x] = frame.place([place, 0]), y = frame.top + frame.height;
    line(pen, [[x, y], [x, y + 4]], ink, 1);
    write(pen, text, x, y + 13 * frame.scale, { colour: ink });
  }
  for (const [place, text] of view.y.ticks) {
    const [, y] = frame.place([0, place]);
    line(pen, [[frame.left - 4, y], [frame.left, y]], ink, 1);
    write(pen, text, frame.left - 6, y, { colour: ink, align: "right" });
  }
  const [x, y] = [frame.left + frame.width / 2, frame.top + frame.height / 2], one = pen.getTransform().a;
  const room = (middle, all) => 2 * Math.min(middle, all / one - middle); // on a phone titles are smaller, never cut
  const below = frame.top + frame.height + 32 * frame.scale;
  write(pen, view.x.title, x, below, { colour: ink, room: room(x, pen.canvas.width) });
  write(pen, view.y.title, 8 * frame.scale, y, { colour: ink, turn: -Math.PI / 2, room: room(y, pen.canvas.height) });
}

function paintRing(pen, frame, place, size) {
  if (!place || place.some((share) => share < -1e-6 || share > 1 + 1e-6)) return;
  const [x, y] = frame.place(place);
  for (const [colour, width] of [["#000000", 4.5], ["#FFFFFF", 2]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, size, 0, 2 * Math.PI);
    pen.stroke();
  }
}

// Everything of one picture. marks: { chosen, cursor } as shares of both axes, or null.
function paint(canvas, picture, row, view, marks, colours, typeScale) {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = canvas.parentElement.clientWidth;
  const frame = new Frame(width, view, typeScale);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(frame.total * ratio);
  canvas.style.height = `${frame.total}px`;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.typeScale = typeScale;
  pen.typeFace = getComputedStyle(canvas).fontFamily;
  paintCells(pen, frame, picture[view.name], row.scale, colours, picture.signed);
  if (view.name === "whole") {
    paintEqualLoss(pen, frame);
    for (const [a, b, c, d] of picture.outlines) line(pen, [frame.place([a, b]), frame.place([c, d])], "#000000", 2);
  } else {
    for (const place of view.measured) {
      const [x, y] = frame.place(place);
      for (const [colour, size] of [["#000000", 3.2], ["#FFFFFF", 2]]) {
        pen.fillStyle = colour;
        pen.beginPath(); pen.arc(x, y, size, 0, 2 * Math.PI); pen.fill();
      }
    }
  }
  paintAxes(pen, frame, view, colours.ink);
  paintRing(pen, frame, marks.chosen, 8);
  if (marks.cursor) paintRing(pen, frame, marks.cursor, 4);
  return frame;
}
