import { describe, expect, test } from 'vitest';
import { batchesOf, group, sizes } from './group.ts';

/** Between two lines that have nothing to do with it, each of these is one event. */
const traces: Readonly<Record<string, string>> = {
  java: `2026-01-05 10:00:01 ERROR OrderService - cannot place order
java.lang.IllegalStateException: pool closed
\tat com.shop.Pool.get(Pool.java:41)
\tat java.base/java.lang.Thread.run(Thread.java:840)
\tSuppressed: java.io.IOException: reset
\t\tat com.shop.Socket.close(Socket.java:9)
Caused by: java.net.ConnectException: Connection refused
\tat com.shop.Net.connect(Net.java:77)
\t... 12 more`,
  'java without a log line': `Exception in thread "main" java.lang.NullPointerException
    at com.shop.Main.main(Main.java:3)
Caused by: java.lang.Error
    ... 1 common frames omitted`,
  python: `ERROR:root:job failed
Traceback (most recent call last):
  File "/app/job.py", line 12, in run
    step()
KeyError: 'total'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/job.py", line 15, in run
    raise JobError('no total')
app.errors.JobError: no total`,
  'python behind a logger': `2026-01-05 10:00:01,067 ERROR:jobs:Traceback (most recent call last):
  File "<stdin>", line 2, in <module>
RuntimeError: something bad happened`,
  unittest: `======================================================================
FAIL: test_total (tests.test_cart.CartTest)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "tests/test_cart.py", line 20, in test_total
    self.assertEqual(cart.total, 3)
AssertionError: 2 != 3`,
  node: `/app/server.js:14
    throw new Error('no port');
    ^

Error: no port
    at listen (/app/server.js:14:11)
    at Module._compile (node:internal/modules/cjs/loader:1554:14) {
  code: 'E_PORT'
}

Node.js v20.20.2`,
  go: `panic: runtime error: index out of range [5] with length 3
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x7fd34f]

goroutine 1 [running]:
main.pick(...)
\t/app/main.go:12
main.main()
\t/app/main.go:7 +0x1d
created by net/http.(*Server).Serve
\t/usr/local/go/src/net/http/server.go:2851 +0x2f5
exit status 2`,
  '.net': `Unhandled exception. System.InvalidOperationException: no rows
 ---> System.ArgumentException: bad id
   at Shop.Db.Find(Int32 id) in /src/Db.cs:line 31
   --- End of inner exception stack trace ---
   at Shop.Program.Main() in /src/Program.cs:line 5`,
  ruby: `app.rb:3:in 'divide': divided by 0 (ZeroDivisionError)
\tfrom app.rb:3:in 'divide'
\tfrom app.rb:7:in '<main>'`,
  php: `PHP Fatal error:  Uncaught RuntimeException: no cart in /srv/cart.php:8
Stack trace:
#0 /srv/index.php(3): Cart->load()
#1 {main}
  thrown in /srv/cart.php on line 8`,
  rust: `thread 'main' panicked at src/main.rs:4:5:
index out of bounds: the len is 3 but the index is 99
stack backtrace:
   0: rust_begin_unwind
   1: core::panicking::panic_fmt
note: run with \`RUST_BACKTRACE=full\` for a verbose backtrace`,
  'rust compiler': `error[E0308]: mismatched types
  --> src/main.rs:2:18
   |
2  |     let x: i32 = "a";
   |            ---   ^^^ expected \`i32\`, found \`&str\`
   |            |
   |            expected due to this`,
  gcc: `In file included from src/a.h:3,
                 from src/a.c:1:
src/b.h:9:5: error: unknown type name 'sizet'
    9 |     sizet n;
      |     ^~~~~`,
  kernel: `[  133.100001][ T907] BUG: unable to handle page fault for address: ffffde202758ca0b
[  133.100002][ T907] #PF: supervisor read access in kernel mode
[  133.100003][ T907] Oops: 0000 [#1] PREEMPT SMP KASAN
[  133.100004][ T907] CPU: 0 PID: 907 Comm: worker Not tainted 6.1.0 #3
[  133.100005][   T12] usb 2-1: new high-speed USB device number 9 using ehci
[  133.100006][ T907] RIP: 0010:tunnel_xmit+0x6e5/0x970
[  133.100007][ T907] Call Trace:
[  133.100008][ T907]  udp_xmit+0x236/0x310
[  133.100009][ T907] ---[ end trace 0000000000000000 ]---`,
  'kernel through syslog': `Jan  5 10:00:01 db1 kernel: [133.100001] ------------[ cut here ]------------
Jan  5 10:00:01 db1 kernel: [133.100002] WARNING: CPU: 1 PID: 410 at fs/inode.c:31 drop+0x8c/0xc3
Jan  5 10:00:01 db1 kernel: [133.100003] Call Trace:
Jan  5 10:00:01 db1 kernel: [133.100004]  iput+0x12/0x40
Jan  5 10:00:01 db1 kernel: [133.100005] ---[ end trace 4e37b1eb61ae9844 ]---`,
  'java in a container': `2026-01-05T10:00:01.000000001Z stderr F java.lang.Error: out
2026-01-05T10:00:01.000000002Z stderr F \tat com.shop.Main.main(Main.java:3)`,
  indented: `Applying 3 changes:
    + web-1
    + web-2

    ~ web-3`,
};

const before = '2026-01-05 10:00:00 INFO  Main - started';
const after = '2026-01-05 10:00:02 INFO  Main - stopped';

describe.each(Object.entries(traces))('%s', (_name, trace) => {
  const lines = trace.split('\n');

  test('is one event between two others', async () => {
    expect(sizes(await group(batchesOf([before, ...lines, after])))).toEqual([1, lines.length, 1]);
  });

  test('is two when it occurs twice', async () => {
    expect(sizes(await group(batchesOf([...lines, after, ...lines])))).toEqual([lines.length, 1, lines.length]);
  });

  test('is the same however its lines arrive', async () => {
    const whole = await group(batchesOf([before, ...lines, after, ...lines]));
    for (const size of [1, 2, 3, 7])
      expect(await group(batchesOf([before, ...lines, after, ...lines], size))).toEqual(whole);
  });
});

test.each([
  ['plain lines', 'one\ntwo\nthree'],
  ['lines behind blanks that begin with a time', ' 2026-01-05 10:00:00 a\n 2026-01-05 10:00:01 b'],
  ['levels that are set flush right', ' INFO started\n WARN low\n INFO done'],
  ['blank lines', 'one\n\n\ntwo\n\nthree'],
  ['an exception that nobody announced', 'user logged in\ncom.shop.Event: x\nanother'],
  ['a rule that nothing failed below', '====================\nSummary\n===================='],
  ['a closing brace that closes nothing', 'a {\n}'],
  ['indented lines of another program', 'Jan  5 10:00:01 db1 app: one\nJan  5 10:00:01 db1 cron:   two'],
])('%s are events of their own', async (_name, text) => {
  const lines = text.split('\n');
  expect(sizes(await group(batchesOf(lines)))).toEqual(lines.map(() => 1));
});

test.each([
  [
    'sbt and Maven put their level before each line',
    '[error] /src/A.scala:3: not found: value x\n[error]     x + 1\n[error]     ^\n[error] one error found',
    [3, 1],
  ],
  [
    'a logger puts its prefix before the first line alone',
    'Jan  5 10:00:01 db1 app[7]: ERROR failed\njava.lang.Error: x\n\tat a.B.c(B.java:1)\nJan  5 10:00:02 db1 app[7]: ok',
    [3, 1],
  ],
  [
    'lines of the kernel that are no dump, among others',
    'Jan  5 10:00:01 n1 kernel: [1.000001] Out of memory: Killed process 7 (java)\nplain\nJan  5 10:00:02 n2 kernel: [1.000002] eth0: link up',
    [1, 1, 1],
  ],
  [
    'two Python traces',
    'Traceback (most recent call last):\n  File "a", line 1\nKeyError\nTraceback (most recent call last):\n  File "a", line 1\nKeyError',
    [3, 3],
  ],
] as const)('%s', async (_name, text, expected) => {
  expect(sizes(await group(batchesOf(text.split('\n'))))).toEqual(expected);
});
