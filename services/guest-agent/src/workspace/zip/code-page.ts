import { type BytePath, fromText, isUtf8, toBytes } from '../byte-path.ts'

/** The upper half of code page 437, which zips from DOS and Windows use unless they say UTF-8. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»' +
  '░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

/** UTF-8 bytes of a name in code page 437; a name that is valid UTF-8 is taken for that. */
export function fromCodePage(name: BytePath): BytePath {
  if (isUtf8(name)) return name
  const text = [...toBytes(name)].map((byte) =>
    byte < 128 ? String.fromCharCode(byte) : (CP437[byte - 128] as string),
  )
  return fromText(text.join(''))
}
