const EVERY_MS = 120;

/** Runs `work` now and then, however often it is wanted. */
export function everyNow(work) {
  let timer;
  return {
    soon() {
      timer ??= setTimeout(() => {
        timer = undefined;
        work();
      }, EVERY_MS);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
