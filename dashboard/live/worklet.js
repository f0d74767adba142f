// Runs in the browser's audio thread: the microphone as blocks of 16-bit samples at 16 kHz.

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate);
    this.block = new Int16Array(BLOCK);
    this.filled = 0;
  }

  process([[channel]]) {
    if (!channel) return true; // before the microphone speaks
    for (const value of this.resampler.push(channel)) {
      this.block[this.filled++] = Math.max(-32768, Math.min(32767, Math.round(value * 32768)));
      if (this.filled < BLOCK) continue;
      this.port.postMessage(this.block, [this.block.buffer]);
      this.block = new Int16Array(BLOCK);
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor("sercore-recorder", Recorder);
