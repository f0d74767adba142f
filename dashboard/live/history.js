// The last seconds: what was sent, which packets of it arrived, and the courses that were predicted.

const PEAK = SAMPLE_RATE / 100; // samples of a peak: 10 ms

class History {
  constructor() {
    this.samples = 0; // sent since the beginning
    this.blocks = []; // Int16Array
    this.peaks = []; // [lowest, highest] of each 10 ms, the last one now
    this.runs = []; // { start, end, received } in seconds, one for each stretch of packets with one fate
    this.courses = []; // { time, clean, received, band }, each [arousal, valence]; a band has ends, or is null
  }

  get now() { return this.samples / SAMPLE_RATE; }
  get begins() { return Math.max(0, this.now - WINDOW); }

  send(block) {
    this.samples += block.length;
    this.blocks.push(block);
    for (let first = 0; first < block.length; first += PEAK) {
      let low = Infinity, high = -Infinity;
      for (const value of block.subarray(first, first + PEAK)) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
      this.peaks.push([low / 32768, high / 32768]);
    }
    while (this.blocks.length * BLOCK > WINDOW * SAMPLE_RATE) this.blocks.shift();
    this.peaks.splice(0, Math.max(0, this.peaks.length - WINDOW * 100));
    this.runs = this.runs.filter((run) => run.end > this.begins);
    this.courses = this.courses.filter((course) => course.time > this.begins);
  }

  // received: one letter for each packet since the last answer, "1" where it arrived.
  arrive({ start, packet_ms: packetMs, received }) {
    for (let packet = 0; packet < received.length; packet++) {
      const begins = start + (packet * packetMs) / 1000;
      const run = { start: begins, end: begins + packetMs / 1000, received: received[packet] === "1" };
      const last = this.runs.at(-1);
      if (last?.received === run.received && Math.abs(last.end - run.start) < 1e-6) last.end = run.end;
      else this.runs.push(run);
    }
  }

  predict(time, clean, received, band) { this.courses.push({ time, clean, received, band }); }

  // Which share of the window is lost.
  get lost() {
    let lost = 0, all = 0;
    for (const { start, end, received } of this.runs) {
      const seconds = Math.max(0, end - Math.max(start, this.begins));
      all += seconds;
      if (!received) lost += seconds;
    }
    return all ? lost / all : 0;
  }

  // What was sent, as the last WINDOW seconds of it.
  audio() {
    const all = new Float32Array(this.blocks.length * BLOCK);
    this.blocks.forEach((block, number) => {
      for (let i = 0; i < block.length; i++) all[number * BLOCK + i] = block[i] / 32768;
    });
    return all;
  }
}
