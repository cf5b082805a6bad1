import { templateColumns, type Column } from '#activities/import-columns.ts'
import type { Text } from '#kernel/messages.ts'
import { addDays, type Day } from '#kernel/times.ts'

const laterOf = (one: Day, other: Day): Day => (one > other ? one : other)

/** Two rows that show how the columns are filled in. */
const examples = (monday: Day, tomorrow: Day): Partial<Record<Column, string>>[] => [
  {
    id: '1',
    title: 'Coffee morning',
    kind: 'cafe',
    summary: 'Come and find out what it is',
    date: laterOf(addDays(monday, 1), tomorrow),
    time: '10:00',
    endTime: '12:00',
    mode: 'in person',
    place: 'Community Centre',
    address: '5 High Street',
    town: 'Leeds',
    country: 'United Kingdom',
    private: 'no',
    languages: 'English',
    access: 'Step-free; Quiet space',
    welcome: 'Everyone',
    capacity: '20',
    bookings: 'yes',
    host: 'Sam',
  },
  {
    id: '2',
    title: 'Online talk',
    kind: 'talk',
    date: laterOf(addDays(monday, 3), tomorrow),
    time: '18:30',
    endTime: '19:30',
    zone: 'Europe/London',
    mode: 'online',
    link: 'https://example.org/room',
    languages: 'English; Welsh',
    access: 'Captions',
    welcome: 'Staff; Families',
  },
]

const cell = (words: string): string => (/[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words)

/** Answers a spreadsheet to fill in: every column by its plain name, two rows as an example, neither of them in the past. Begins with the mark that makes spreadsheets read it as UTF-8. */
export function templateCsv({ monday, today }: { monday: Day; today: Day }, text: Text): string {
  const lines = [
    templateColumns.map((column) => text(`import.column.${column}` as 'import.column.title')),
    ...examples(monday, addDays(today, 1)).map((row) => templateColumns.map((column) => row[column] ?? '')),
  ]
  return `\uFEFF${lines.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`
}
