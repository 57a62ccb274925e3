// Before any script of the page: chance is the same each time, and the clock may stand at an earlier moment and goes on from there.
(seed, clockShift) => {
  let state = seed >>> 0;
  Math.random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  if (!clockShift) return;
  const RealDate = Date, realNow = RealDate.now.bind(RealDate), now = () => realNow() + clockShift;
  const shifted = new Proxy(RealDate, {
    construct: (kind, given, as) => Reflect.construct(kind, given.length ? given : [now()], as),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.now = now;
  RealDate.prototype.constructor = shifted;
  globalThis.Date = shifted;
}
