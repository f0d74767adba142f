// The waveform: drawn once for each clip and width, then covered with the lost frames at every move of a slider.

// Heights in CSS pixels: the waveform, under it a band for each curve, and the axis that all share.
function heightsFor(width, nCurves) {
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16; // a projector's is larger
  const narrow = width < 560;
  const wave = scale * (nCurves ? (narrow ? 64 : 100) : 142);
  const band = scale * (narrow ? 84 : 112); // a line of words above each curve
  const axis = wave + nCurves * band; // where it begins
  return { scale, wave, band, words: 20 * scale, axis, all: axis + 26 * scale };
}

function drawBase(audio, width, height, ratio, colours, loudest) {
  const base = new OffscreenCanvas(Math.max(1, Math.round(width * ratio)), Math.round(height * ratio));
  const pen = base.getContext("2d");
  const middle = base.height / 2;
  pen.fillStyle = colours.sound;
  const perColumn = audio.length / base.width;
  for (let column = 0; column < base.width; column++) {
    let low = Infinity, high = -Infinity;
    const end = Math.min(audio.length, Math.ceil((column + 1) * perColumn));
    for (let i = Math.floor(column * perColumn); i < end; i++) {
      if (audio[i] < low) low = audio[i];
      if (audio[i] > high) high = audio[i];
    }
    const top = middle - (high / loudest) * middle;
    pen.fillRect(column, top, 1, Math.max(1, ((high - low) / loudest) * middle));
  }
  return base;
}

function hatching(pen, colours, ratio) {
  const size = Math.round(8 * ratio);
  const tile = new OffscreenCanvas(size, size);
  const brush = tile.getContext("2d");
  brush.strokeStyle = colours.lost;
  brush.lineWidth = 1.4 * ratio;
  brush.beginPath();
  for (const shift of [-size, 0, size]) { brush.moveTo(shift, size); brush.lineTo(shift + size, 0); }
  brush.stroke();
  return pen.createPattern(tile, "repeat");
}

function drawLost(pen, received, width, height, seconds, packetSeconds, ratio, colours) {
  const perPacket = (width * packetSeconds) / seconds;
  const hatch = hatching(pen, colours, ratio);
  const runs = lostRuns(received);
  for (const fill of [colours.paperVeil, colours.lost_shade, hatch]) {
    pen.fillStyle = fill;
    for (const [first, end] of runs) pen.fillRect(first * perPacket, 0, (end - first) * perPacket, height * ratio);
  }
}

function drawAxis(pen, canvas, heights, seconds, start, ratio, colours, font) {
  const width = canvas.width;
  const size = ratio * heights.scale;
  const steps = [1, 2, 5, 10, 20, 30, 60];
  const step = steps.find((each) => (width / size) / (seconds / each) > 56) ?? 60;
  const top = heights.axis * ratio;
  pen.fillStyle = colours.ink;
  pen.font = `${12 * size}px ${font}`;
  pen.textBaseline = "top";
  const title = "seconds in the recording";
  pen.textAlign = "right";
  pen.fillText(title, width, top + 8 * size);
  const room = width - pen.measureText(title).width - 20 * size;
  for (let t = Math.ceil(start / step) * step; t <= start + seconds + 1e-6; t += step) {
    const x = ((t - start) / seconds) * width;
    pen.fillRect(Math.min(x, width - 1), top, 1, 5 * size);
    if (x > room) continue;
    pen.textAlign = x < 8 * size ? "left" : "center";
    pen.fillText(String(t), x, top + 8 * size);
  }
}
