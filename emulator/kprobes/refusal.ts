/**
 * Refusals: an errno of the kernel, and one sentence in plain words that says what to do.
 */
import { errno } from '../kernel/errno';
import type { Refusal } from './types';

/** Makes a refusal from an errno's name. */
export function refuse(name: string, reason: string): Refusal {
  return { errno: -errno(name), name, reason };
}

/** True for a refusal, false for whatever else a function may answer. */
export function isRefusal(value: object | undefined): value is Refusal {
  return value !== undefined && 'errno' in value && 'reason' in value;
}
