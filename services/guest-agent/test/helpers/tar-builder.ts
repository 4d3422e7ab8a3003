import { constants, zstdCompressSync } from 'node:zlib'

export interface TarPart {
  readonly name: string
  readonly content?: string | Buffer
  readonly type?: string
  readonly target?: string
  readonly size?: number
  readonly isChecksumWrong?: boolean
}

/** A tar, byte for byte, believing everything it is told. */
export function buildTar(parts: readonly TarPart[]): Buffer {
  const blocks = parts.flatMap((part) => {
    const content = Buffer.from((part.content ?? '') as string)
    return [header(part, content), content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1_024)])
}

export const squeeze = (tar: Buffer): Buffer =>
  zstdCompressSync(tar, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })

/** As a stream is compressed whose end is not known when it begins. */
export const squeezeUnsized = (tar: Buffer): Buffer =>
  zstdCompressSync(tar, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } })

export const buildTarZst = (parts: readonly TarPart[]): Buffer => squeeze(buildTar(parts))

function header(part: TarPart, content: Buffer): Buffer {
  const block = Buffer.alloc(512)
  block.write(part.name, 0)
  block.write('0000644\0', 100)
  block.write('0000000\0', 108)
  block.write('0000000\0', 116)
  block.write(`${(part.size ?? content.length).toString(8).padStart(11, '0')}\0`, 124)
  block.write('14000000000\0', 136)
  block.write('        ', 148)
  block.write(part.type ?? '0', 156)
  block.write(part.target ?? '', 157)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((all, byte) => all + byte, part.isChecksumWrong ? 1 : 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
