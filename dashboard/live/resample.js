// From the rate of the visitor's sound card to 16 kHz: not every browser lets a microphone into a context of another rate.

const ZERO_CROSSINGS = 24; // of the sinc on each side; what it lets alias is 60 dB below
const PASSES = 0.92; // of the lower of both Nyquist frequencies

class Resampler {
  constructor(rate) {
    const common = greatestDivisor(rate, SAMPLE_RATE);
    this.up = SAMPLE_RATE / common;
    this.down = rate / common;
    const cutoff = PASSES * Math.min(1, SAMPLE_RATE / rate);
    this.half = Math.ceil(ZERO_CROSSINGS / cutoff);
    this.filters = Array.from({ length: this.up }, (_, phase) => lowPass(cutoff, this.half, phase / this.up));
    this.held = new Float32Array(this.half); // silence precedes the first sample
    this.begins = -this.half; // which sample of the microphone is the first of those held
    this.next = 0; // sample of the output
  }

  // Whatever can be said of all samples so far; equal, however they are cut into blocks.
  push(samples) {
    const all = new Float32Array(this.held.length + samples.length);
    all.set(this.held);
    all.set(samples, this.held.length);
    const out = [];
    for (let place = this.place(); place + this.half < this.begins + all.length; place = this.place()) {
      const filter = this.filters[(this.next * this.down) % this.up];
      const first = place - this.half + 1 - this.begins;
      let sum = 0;
      for (let tap = 0; tap < filter.length; tap++) sum += filter[tap] * all[first + tap];
      out.push(sum);
      this.next++;
    }
    const needed = Math.min(all.length, this.place() - this.half + 1 - this.begins);
    this.held = all.slice(needed);
    this.begins += needed;
    return Float32Array.from(out);
  }

  // The last sample of the microphone that is not later than the next one of the output.
  place() { return Math.floor((this.next * this.down) / this.up); }
}

// A sinc under a Hann window, for an output that lies so far (0 to 1) behind a sample; it passes a constant unchanged.
function lowPass(cutoff, half, behind) {
  const taps = Float32Array.from({ length: 2 * half }, (_, tap) => {
    const away = tap - half + 1 - behind;
    const angle = Math.PI * cutoff * away;
    return (away === 0 ? 1 : Math.sin(angle) / angle) * Math.cos((Math.PI * away) / (2 * half + 2)) ** 2;
  });
  const sum = taps.reduce((all, tap) => all + tap, 0);
  return taps.map((tap) => tap / sum);
}

function greatestDivisor(a, b) { return b ? greatestDivisor(b, a % b) : a; }
