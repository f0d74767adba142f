// The channel, exactly as sercore.channel.gilbert computes it in Python.

// bits: one unsigned 32-bit number for each frame. Same bits and same channel give the same losses in Python.
function receivedFromBits(bits, pN, pL) {
  const received = new Uint8Array(bits.length);
  const leavesLoss = 1 - pL;
  let inN = true; // N precedes the first frame
  for (let frame = 0; frame < bits.length; frame++) {
    inN = bits[frame] / 4294967296 < (inN ? pN : leavesLoss);
    received[frame] = inN ? 1 : 0;
  }
  return received;
}

// Paper, Eq. 1; 0 at pN = 1, which the chain never leaves.
function lossRate(pN, pL) {
  return pN === 1 ? 0 : (1 - pN) / (2 - pL - pN);
}

// Paper, Table 1.
function environmentName(pN, pL) {
  if (pN > 0.5) return pL > 0.5 ? "sudden breakdown" : "stable";
  return pL > 0.5 ? "extremely unstable" : "low bandwidth";
}

// [first frame, one past the last] of each loss.
function lostRuns(received) {
  const runs = [];
  for (let frame = 0; frame < received.length; frame++) {
    if (received[frame]) continue;
    const first = frame;
    while (frame < received.length && !received[frame]) frame++;
    runs.push([first, frame]);
  }
  return runs;
}
