// Rewords the refusals in a receive-pack answer: git says "hook declined" for whatever an update
// hook refuses, GitHub names the rule. The answer is a side-band of pkt-lines, with the report as
// pkt-lines of its own in band 1.

/** `reasons` by full ref name; other bytes pass unchanged. */
export function rewordReport(answer: Buffer, reasons: ReadonlyMap<string, string>): Buffer {
  if (reasons.size === 0) return answer
  const bands = readPackets(answer)
  const report = bands.flatMap((packet) => (packet?.[0] === 1 ? [packet.subarray(1)] : []))
  if (report.length === 0) return answer
  const lines = readPackets(Buffer.concat(report)).map((line) => reword(line, reasons))
  const others = bands.filter((packet) => packet !== null && packet[0] !== 1)
  const body = Buffer.concat(lines.map(writePacket))
  return Buffer.concat([
    ...others.map(writePacket),
    writePacket(Buffer.concat([Buffer.from([1]), body])),
    writePacket(null),
  ])
}

function reword(line: Buffer | null, reasons: ReadonlyMap<string, string>): Buffer | null {
  const text = line?.toString() ?? ''
  const [, ref = ''] = /^ng (\S+) hook declined\n?$/.exec(text) ?? []
  const reason = reasons.get(ref)
  return reason === undefined ? line : Buffer.from(`ng ${ref} ${reason}\n`)
}

/** `null` stands for a flush packet. */
function readPackets(data: Buffer): (Buffer | null)[] {
  const packets: (Buffer | null)[] = []
  for (let at = 0; at + 4 <= data.length;) {
    const length = Number.parseInt(data.toString('latin1', at, at + 4), 16)
    if (Number.isNaN(length)) throw new Error('not a pkt-line')
    packets.push(length < 4 ? null : data.subarray(at + 4, at + length))
    at += Math.max(4, length)
  }
  return packets
}

function writePacket(packet: Buffer | null): Buffer {
  if (packet === null) return Buffer.from('0000')
  const head = Buffer.from((packet.length + 4).toString(16).padStart(4, '0'))
  return Buffer.concat([head, packet])
}
