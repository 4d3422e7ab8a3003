/**
 * A frame as it goes over the wire, header included: one buffer, shared by all its readers and
 * never written to.
 *
 * The `send` of a library makes a header for every reader and hands two buffers to the system; one
 * buffer for all is what lets the relay keep up with the bare library (docs/testing.md).
 */
export type Wire = Buffer & { readonly __wire: unique symbol }

/** The last frame of a message, and its only one; text (RFC 6455, section 5.2). */
const FIN_TEXT = 0x81
const LENGTH_IN_2_BYTES = 126
const LENGTH_IN_8_BYTES = 127
const HEADER_BYTES_MAX = 10

export function encodeText(text: string): Wire {
  const length = Buffer.byteLength(text)
  const headerBytes = length < LENGTH_IN_2_BYTES ? 2 : length < 65_536 ? 4 : HEADER_BYTES_MAX
  const wire = Buffer.allocUnsafe(headerBytes + length)
  wire[0] = FIN_TEXT
  if (headerBytes === 2) {
    wire[1] = length
  } else if (headerBytes === 4) {
    wire[1] = LENGTH_IN_2_BYTES
    wire.writeUInt16BE(length, 2)
  } else {
    wire[1] = LENGTH_IN_8_BYTES
    wire.writeBigUInt64BE(BigInt(length), 2)
  }
  wire.write(text, headerBytes)
  return wire as Wire
}
