import { zipSync, strToU8 } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readCsv } from '#activities/server/reads/import-csv.ts'
import { readFile } from '#activities/server/reads/import-file.ts'
import { mostUnpacked } from '#activities/server/reads/import-xlsx.ts'
import { refused } from '../../../../test/refused.ts'

const window = { from: '2027-09-18', to: '2027-11-23' }
const utf8 = (words: string): Uint8Array => new TextEncoder().encode(words)
const read = (file: string | Uint8Array) => readFile(typeof file === 'string' ? utf8(file) : file, window)
const cells = async (file: string | Uint8Array) => (await read(file)).rows.map((row) => row.cells)
const no = async (file: string | Uint8Array, most?: number): Promise<string> => {
  return (await refused(readFile(typeof file === 'string' ? utf8(file) : file, window, most))).key
}

const sheet = (rows: string): Record<string, Uint8Array> => ({
  '[Content_Types].xml': strToU8(
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
  ),
  'xl/workbook.xml': strToU8(
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>',
  ),
  'xl/_rels/workbook.xml.rels': strToU8(
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
  ),
  'xl/styles.xml': strToU8(
    '<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/></cellXfs></styleSheet>',
  ),
  'xl/worksheets/sheet1.xml': strToU8(
    `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>${rows}</sheetData></worksheet>`,
  ),
})
const word = (at: string, words: string): string => `<c r="${at}" t="inlineStr"><is><t>${words}</t></is></c>`
const heads = `<row r="1">${word('A1', 'Title')}${word('B1', 'Date')}${word('C1', 'Time')}</row>`
const good = `${heads}<row r="2">${word('A2', 'Tea')}<c r="B2" s="1"><v>46679</v></c><c r="C2" s="2"><v>0.4375</v></c></row>`

describe('reading a spreadsheet', () => {
  it('reads commas, semicolons and tabs in every usual encoding', async () => {
    const wanted = [{ title: 'Café', town: 'Kraków' }]
    for (const sign of [',', ';', '\t'])
      expect(await cells(`Name${sign}City\r\nCafé${sign}Kraków\r\n`)).toEqual(wanted)
    const words = 'Name,City\nCafé,Kraków\n'
    expect(await cells(`\uFEFF${words}`)).toEqual(wanted)
    const utf16 = Buffer.from(`\uFEFF${words}`, 'utf16le')
    expect(await cells(utf16)).toEqual(wanted)
    expect(await cells(Buffer.from(utf16).swap16())).toEqual(wanted)
    expect(await cells(utf16.subarray(2))).toEqual(wanted)
    expect(await cells(Buffer.from('Name;City\nCafé;Málaga – x\n'.replace('–', '\x96'), 'latin1'))).toEqual([
      { title: 'Café', town: 'Málaga – x' },
    ])
    expect(await cells('sep=;\nTitle;Town\nTea;Leeds\n')).toEqual([{ title: 'Tea', town: 'Leeds' }])
  })

  it('reads a workbook with its days and times, formulas by their value', async () => {
    expect(await cells(zipSync(sheet(good)))).toEqual([{ title: 'Tea', date: '2027-10-19', time: '10:30' }])
    const formula = good.replace('<c r="B2" s="1">', '<c r="B2" s="1"><f>HYPERLINK("http://x")</f>')
    expect(await cells(zipSync(sheet(formula)))).toEqual([
      { title: 'Tea', date: '2027-10-19', time: '10:30' },
    ])
  })

  it('numbers rows as a spreadsheet does, whatever lines a cell has', async () => {
    const file = new TextEncoder().encode('Title,Town\n"Tea\nand talk",Leeds\n\nTalk,York\n')
    expect(readCsv(file).rows.map((row) => row.line)).toEqual([2, 4])
  })

  it('does not mind a sheet that is coloured to its last row', async () => {
    const coloured = `${good}<row r="1048576"><c r="XFD1048576" s="1"/></row>`
    expect(await cells(zipSync(sheet(coloured)))).toHaveLength(1)
  })

  it('refuses hostile and broken files in words, and lives on', { timeout: 60_000 }, async () => {
    const bomb = { ...sheet(good), 'xl/media/a.xml': new Uint8Array(mostUnpacked + 1) }
    const zipped = Buffer.from(zipSync(bomb, { level: 1 }))
    expect(await no(zipped)).toBe('import.wrong.unpacked')
    // The same bomb, whose directory tells a small size.
    const entry = zipped.lastIndexOf(Buffer.from('xl/media/a.xml')) - 46
    zipped.writeUInt32LE(100, entry + 24)
    expect(await no(zipped)).toBe('import.wrong.unpacked')
    const whole = zipSync(sheet(good))
    expect(await no(whole.subarray(0, whole.length - 60))).toBe('import.wrong.workbook')
    expect(await no(whole.subarray(0, 40))).toBe('import.wrong.workbook')
    expect(await no(zipSync({ 'hello.txt': strToU8('hello') }))).toBe('import.wrong.workbook')
    expect(await no(zipSync(sheet(`${good}<row r="3">${word('XFD3', 'far')}</row>`)))).toBe(
      'import.wrong.wide',
    )
    expect(await no(zipSync(sheet(`${good}<row r="1048576">${word('A1048576', 'far')}</row>`)))).toBe(
      'import.wrong.long',
    )
    expect(await no(`Title${',x'.repeat(1_000_000)}\nTea\n`)).toMatch(/^import\.wrong\.(wide|heavy)$/)
    expect(await no('Title,Town\n"Tea,Leeds\nTalk,York\n')).toBe('import.wrong.quote')
    expect(await no(`Title\n${'Tea\n'.repeat(10_001)}`)).toBe('import.wrong.long')
    expect(await no('a,b\n1,2\n')).toBe('import.wrong.columns')
    expect(await no('')).toBe('import.wrong.empty')
    expect(await no('%PDF-1.7\n')).toBe('import.wrong.kind-of-file')
    expect(await no(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]))).toBe('import.wrong.old-excel')
    expect(await no('BEGIN:VCALENDAR\nnonsense')).toBe('import.wrong.calendar')
    expect(await cells('Title,Town\nT\0ea,=1+1\n')).toEqual([{ title: 'Tea', town: '=1+1' }])
  })
})

const calendar = (...events: string[][]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...events.flatMap((one) => ['BEGIN:VEVENT', ...one, 'END:VEVENT']),
    'END:VCALENDAR',
    '',
  ].join('\r\n')

describe('reading a calendar', () => {
  it('lays repeats out as dates, without those taken out, and notes those that were moved', async () => {
    const weekly = [
      'UID:1',
      'SUMMARY:Tea',
      'DTSTART;TZID=GMT Standard Time:20271005T100000',
      'DTEND;TZID=GMT Standard Time:20271005T113000',
    ]
    const repeat = [
      'RRULE:FREQ=WEEKLY;COUNT=4',
      'EXDATE;TZID=GMT Standard Time:20271012T100000',
      'RDATE;TZID=GMT Standard Time:20271028T100000',
    ]
    const moved = [
      'UID:1',
      'SUMMARY:Tea',
      'RECURRENCE-ID;TZID=GMT Standard Time:20271019T100000',
      'DTSTART;TZID=GMT Standard Time:20271020T140000',
    ]
    expect(await cells(calendar([...weekly, ...repeat], moved))).toEqual([
      {
        id: '1',
        title: 'Tea',
        date: '2027-10-05',
        time: '10:00',
        endTime: '11:30',
        zone: 'Europe/London',
        dates: '2027-10-19;2027-10-26;2027-10-28',
        changes: '2027-10-19>2027-10-20T14:00',
      },
    ])
  })

  it('reads whole days, floating times, the world clock and places', async () => {
    const days = [
      'UID:d',
      'SUMMARY:Days',
      'DTSTART;VALUE=DATE:20271018',
      'DTEND;VALUE=DATE:20271021',
      'LOCATION:Hall\\, Leeds',
    ]
    const floats = ['UID:f', 'SUMMARY:Floats', 'DTSTART:20271019T090000', 'LOCATION:https://example.org/room']
    const world = ['UID:w', 'SUMMARY:World', 'DTSTART:20271019T090000Z', 'DURATION:PT1H', 'STATUS:CANCELLED']
    expect(await cells(calendar(days, floats, world))).toMatchObject([
      { date: '2027-10-18', endDate: '2027-10-20', where: 'Hall, Leeds' },
      { date: '2027-10-19', time: '09:00', mode: 'online', link: 'https://example.org/room' },
      { time: '09:00', endTime: '10:00', zone: 'Etc/UTC', status: 'CANCELLED' },
    ])
  })

  it('counts what is far from the week or private, and brings neither', async () => {
    const far = ['UID:1', 'SUMMARY:Old', 'DTSTART:20200101T100000Z']
    const secret = ['UID:2', 'SUMMARY:Secret', 'DTSTART:20271019T100000Z', 'CLASS:PRIVATE']
    expect(await read(calendar(far, secret))).toMatchObject({ outside: 1, secret: 1, rows: [] })
  })

  it('shows what cannot be read at its own entry and reads the rest', async () => {
    const event = (uid: string, ...lines: string[]): string[] => [`UID:${uid}`, 'SUMMARY:Tea', ...lines]
    const good = 'DTSTART:20271019T100000'
    const rows = await cells(
      calendar(
        event('fruit', 'DTSTART:2027banana'),
        ['SUMMARY:Nameless', 'DTSTART:banana'],
        event('no day', 'DTSTART;VALUE=DATE:20270230'),
        event('no hour', 'DTSTART:20271019T250000'),
        event('end', good, 'DTEND:banana'),
        event('length', good, 'DURATION:banana'),
        event('left out', good, 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE:banana'),
        event('point', good, 'LOCATION:Leeds', 'GEO:banana'),
        event('clock', 'DTSTART;TZID=Mars/Base:20271019T100000'),
        event('good', good),
      ),
    )
    const at = { title: 'Tea', date: '2027-10-19', time: '10:00' }
    expect(rows.map(({ id, ...rest }) => [id, rest])).toEqual([
      ['fruit', { title: 'Tea', date: '2027bana…' }],
      [undefined, { title: 'Nameless', date: 'banana' }],
      ['no day', { title: 'Tea', date: '2027-02-30' }],
      ['no hour', { title: 'Tea', date: '2027-10-19T25:00:00' }],
      ['end', { ...at, endDate: 'banana' }],
      ['length', { ...at, endTime: 'banana' }],
      ['left out', { ...at, dates: 'banana' }],
      ['point', expect.objectContaining({ ...at, where: 'Leeds' })],
      ['clock', { ...at, zone: 'Mars/Base' }],
      ['good', at],
    ])
  })

  it('shows a rule of repeats that cannot be followed at its own entry and reads the rest', async () => {
    const event = (uid: string, rule: string, ...lines: string[]): string[] => [
      `UID:${uid}`,
      'SUMMARY:Tea',
      'DTSTART:20271019T100000',
      `RRULE:${rule}`,
      ...lines,
    ]
    const rows = await cells(
      calendar(
        event('pace', 'FREQ=SOMETIMES;COUNT=2'),
        event('day', 'FREQ=WEEKLY;BYDAY=XX'),
        event('words', 'nonsense'),
        event('no pace', 'COUNT=3'),
        event('end', 'FREQ=WEEKLY;UNTIL=20271332'),
        event('never', 'FREQ=WEEKLY;BYMONTHDAY=3'),
        event('nought', 'FREQ=DAILY;INTERVAL=0'),
        event('seconds', 'FREQ=SECONDLY'),
        event('loose', 'FREQ=WEEKLY;COUNT=2', 'a line that says nothing'),
      ),
    )
    expect(rows.map(({ id, repeats, dates }) => [id, repeats ?? dates])).toEqual([
      ['pace', 'FREQ=SOMETIMES;COUNT=2'],
      ['day', 'FREQ=WEEKLY;BYDAY=XX'],
      ['words', 'NONSENSE'],
      ['no pace', 'COUNT=3'],
      ['end', 'FREQ=WEEKLY;UNTIL=2027-13-32'],
      ['never', 'FREQ=WEEKLY;BYMONTHDAY=3'],
      ['nought', 'FREQ=DAILY;INTERVAL=0'],
      ['seconds', 'FREQ=SECONDLY'],
      ['loose', '2027-10-26'],
    ])
  })

  it('ends a rule that never ends', { timeout: 30_000 }, async () => {
    const endless = [
      'UID:1',
      'SUMMARY:Trap',
      'DTSTART:20200101T100000',
      'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    ]
    expect(await no(calendar(endless), 1500)).toBe('import.wrong.heavy')
  })
})
