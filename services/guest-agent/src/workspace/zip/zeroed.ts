/** Of the pool: `Buffer.alloc` asks the system each time, and a zip has headers by the thousand. */
export const zeroed = (bytes: number): Buffer => Buffer.allocUnsafe(bytes).fill(0)
