/**
 * What a real Linux 6.1 answered to a module that tries the whole kprobes API (fixtures/kpt.c, recorded facts in
 * kpt-facts.json), against this kernel in the distribution profile. What may differ is named, with the reason.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, runModule } from './module';

/** Facts that name things only the recorded kernel has, or that depend on its compiler's code. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  reg_entry: "the function's size",
  blacklisted_NOKPROBE_do_int3: 'do_int3 is called exc_int3 here',
  data_symbol: 'linux_banner',
  ambiguous_symbol_t_show: 't_show',
  mod_colon_sym: 'the module dummy',
  module_sym: 'the module dummy',
  init_text_freed: 'bp_init_aperfmperf',
  notrace_ftrace_caller: 'ftrace_caller',
  mid_insn_off6: 'our prologue has an instruction there',
  int3_off5_post: 'the instruction behind the nop is another one',
  probe_inside_optimised_region: 'offset 8 is no instruction of ours',
  after_inner_unreg: 'offset 8 is no instruction of ours',
  after_all_unreg: 'the instruction behind the nop is another one',
  same_int3_addr_both_disabled: 'the instruction behind the nop is another one',
  probe_on_jmp_thunk: 'our code has no return thunks',
  kret_default: 'the caller is inlined here',
  kret_blacklisted: 'do_int3 is called exc_int3 here',
};

test('the API answers what the recorded kernel answered', () => {
  const facts: Record<string, string> = JSON.parse(fixture('kpt-facts.json'));
  const { log, failed } = runModule('kpt', fixture('kpt.c'), { profile: 'distribution', cpus: 1 });
  assert.equal(failed, undefined, log.slice(-40).join('\n'));
  const ours: Record<string, string> = {};
  for (const line of log) {
    const found = /^KPT (\w+): (.*)$/.exec(line);
    if (found !== null) ours[found[1]] = found[2].trim();
  }
  const expected = Object.fromEntries(
    Object.entries(facts).filter(([name]) => ELSEWHERE[name] === undefined),
  );
  const answered = Object.fromEntries(Object.keys(expected).map((name) => [name, ours[name]]));
  assert.deepEqual(answered, expected);
  assert.ok(Object.keys(expected).length >= 67);
});
