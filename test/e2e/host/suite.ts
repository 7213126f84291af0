/**
 * A few lines of test runner for inside the extension host: no dependency, each test with a time limit of its own.
 *
 * Lines start with "[suite]" so that the driver outside can pick them from the host's console.
 */

type Body = () => Promise<void>;
const tests: { name: string; body: Body }[] = [];

/** Registers a test. */
export function test(name: string, body: Body): void {
  tests.push({ name, body });
}

/** Runs all registered tests in order; rejects when one failed. */
export async function runAll(limitMs = 40_000): Promise<void> {
  let failed = 0;
  for (const { name, body } of tests) {
    const started = Date.now();
    let timer: NodeJS.Timeout | undefined;
    try {
      const limit = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`no result after ${limitMs} ms`)), limitMs);
      });
      await Promise.race([body(), limit]);
      console.log(`[suite] ok ${name} (${Date.now() - started} ms)`);
    } catch (error) {
      failed++;
      console.log(`[suite] not ok ${name}\n${error instanceof Error ? error.stack : String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }
  console.log(`[suite] ${tests.length - failed} passed, ${failed} failed`);
  if (failed > 0) throw new Error(`${failed} tests failed`);
}

/** Calls `probe` until it returns something other than undefined; throws after `limitMs`. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  limitMs = 20_000,
): Promise<T> {
  for (const deadline = Date.now() + limitMs; ; ) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
