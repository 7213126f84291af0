// An exception of the guest on its way from where it is noticed to where it is delivered. Thrown inside the cpu/
// directory only; the run loop turns each one into a delivery through the IDT, so no host caller ever sees it.

/** Exception vectors (SDM volume 3, table 6-1). */
export const Vector = {
  divide: 0,
  debug: 1,
  breakpoint: 3,
  overflow: 4,
  invalidOpcode: 6,
  deviceNotAvailable: 7,
  doubleFault: 8,
  invalidTss: 10,
  segmentNotPresent: 11,
  stack: 12,
  generalProtection: 13,
  pageFault: 14,
  alignment: 17,
} as const;

/** Page-fault error code bits (SDM volume 3, section 4.7). */
export const PageFaultBit = { present: 1, write: 2, user: 4, reserved: 8, fetch: 16 } as const;

/** A fault of the current instruction: nothing of the instruction has happened when it is thrown. */
export class GuestFault {
  readonly vector: number;
  /** Pushed on the stack, if the vector has an error code. */
  readonly errorCode: number | undefined;
  /** Faulting linear address (page faults only). */
  readonly address: bigint | undefined;

  constructor(vector: number, errorCode?: number, address?: bigint) {
    this.vector = vector;
    this.errorCode = errorCode;
    this.address = address;
  }
}

/** #UD */
export function undefinedOpcode(): GuestFault {
  return new GuestFault(Vector.invalidOpcode);
}

/** #GP with an error code: 0, or a selector. */
export function generalProtection(errorCode = 0): GuestFault {
  return new GuestFault(Vector.generalProtection, errorCode);
}
