/** What a structured log line says to a person; any other line says itself. */
export function consoleText(line: string): string {
  if (!line.startsWith('{')) return line
  try {
    const value: unknown = JSON.parse(line)
    const isLog = typeof value === 'object' && value !== null && 'msg' in value
    return isLog && typeof value.msg === 'string' ? value.msg : line
  } catch {
    // Not JSON after all.
    return line
  }
}
