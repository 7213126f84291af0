/** The configuration: profiles, needs, overrides, and what a user's mistakes are answered with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOptions, kernelConfig } from '../../emulator/kernel/config';

test('the profiles differ where the article and a distribution differ', () => {
  const lab = kernelConfig('lab').config;
  const distribution = kernelConfig('distribution').config;
  assert.equal(lab.on('KPROBES_ON_FTRACE'), false);
  assert.equal(distribution.on('KPROBES_ON_FTRACE'), true);
  assert.equal(lab.on('KPROBES') && distribution.on('KPROBES'), true);
});

test('every default satisfies its own needs', () => {
  for (const profile of ['lab', 'distribution'] as const) {
    const { config } = kernelConfig(profile);
    for (const option of configOptions()) {
      const name = option.name.slice('CONFIG_'.length);
      const value = profile === 'lab' ? option.value : option.distribution;
      if (value !== 'y') continue;
      assert.equal(config.on(name), true, `${profile}: ${name} was switched off by a need`);
    }
  }
});

test('switching an option off takes what needs it with it', () => {
  const { config, problems } = kernelConfig('lab', { CONFIG_KPROBES: 'n' });
  assert.deepEqual(problems, []);
  for (const name of ['KRETPROBES', 'OPTPROBES', 'KPROBE_EVENTS']) assert.equal(config.on(name), false, name);
  assert.equal('CONFIG_KPROBES' in config.defines(), false);
});

test('asking for an option brings its needs, unless they are refused', () => {
  const brought = kernelConfig('lab', { KPROBES_ON_FTRACE: 'y' });
  assert.equal(brought.config.on('DYNAMIC_FTRACE'), true);
  const refused = kernelConfig('lab', { KPROBES_ON_FTRACE: 'y', DYNAMIC_FTRACE: 'n' });
  assert.deepEqual(refused.problems, [
    'CONFIG_KPROBES_ON_FTRACE needs CONFIG_DYNAMIC_FTRACE, which is switched off',
  ]);
});

test('unknown options and values are named', () => {
  const { problems } = kernelConfig('lab', { CONFIG_NOPE: 'y', CONFIG_KPROBES: 'maybe', CONFIG_HZ: 'y' });
  assert.deepEqual(problems, [
    'unknown configuration option CONFIG_NOPE',
    "CONFIG_KPROBES: y or n is expected, not 'maybe'",
    "CONFIG_HZ: a positive number is expected, not 'y'",
  ]);
});

test('the article spells KPROBE_EVENT', () => {
  assert.equal(kernelConfig('lab', { CONFIG_KPROBE_EVENT: 'n' }).config.on('KPROBE_EVENTS'), false);
});
