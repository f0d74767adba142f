// The waveform: drawn once for each clip and width, then covered with the lost frames at every move of a slider.

const WAVE_HEIGHT = 142;
const AXIS_HEIGHT = 26;

function drawBase(audio, width, ratio, colours, loudest) {
  const base = new OffscreenCanvas(Math.max(1, Math.round(width * ratio)), Math.round(WAVE_HEIGHT * ratio));
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

function drawLost(pen, received, width, seconds, packetSeconds, ratio, colours) {
  const perPacket = (width * packetSeconds) / seconds;
  const hatch = hatching(pen, colours, ratio);
  const runs = lostRuns(received);
  for (const fill of [colours.paperVeil, colours.lost_shade, hatch]) {
    pen.fillStyle = fill;
    for (const [first, end] of runs) pen.fillRect(first * perPacket, 0, (end - first) * perPacket, WAVE_HEIGHT * ratio);
  }
}

function drawAxis(pen, canvas, seconds, start, ratio, colours, font) {
  const width = canvas.width;
  const steps = [1, 2, 5, 10, 20, 30, 60];
  const step = steps.find((size) => (width / ratio) / (seconds / size) > 56) ?? 60;
  pen.fillStyle = colours.ink;
  pen.font = `${12 * ratio}px ${font}`;
  pen.textBaseline = "top";
  const title = "seconds in the recording";
  pen.textAlign = "right";
  pen.fillText(title, width, (WAVE_HEIGHT + 8) * ratio);
  const room = width - pen.measureText(title).width - 14 * ratio;
  for (let t = Math.ceil(start / step) * step; t <= start + seconds + 1e-6; t += step) {
    const x = ((t - start) / seconds) * width;
    pen.fillRect(Math.min(x, width - 1), WAVE_HEIGHT * ratio, 1, 5 * ratio);
    if (x > room) continue;
    pen.textAlign = x < 8 * ratio ? "left" : "center";
    pen.fillText(String(t), x, (WAVE_HEIGHT + 8) * ratio);
  }
}
