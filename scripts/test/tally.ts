import { existsSync, readFileSync } from 'node:fs'

export type Tally = { passed: number; failed: number }

/** The parts of Vitest's JSON report that are counted. */
export type Report = {
  testResults: {
    name: string
    status: string
    message?: string
    assertionResults: { status: string; fullName: string }[]
  }[]
}

/**
 * Counts a report. A case that did not run counts as failed, and so do a file that could not be read and a run
 * that ended badly without saying which case it was.
 */
export function tallyReport(report: Report, code: number): Tally & { complaints: string[] } {
  const complaints: string[] = []
  let passed = 0
  for (const file of report.testResults) {
    const before = complaints.length
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') passed += 1
      else complaints.push(`${file.name}: ${fullName} (${status})`)
    }
    const silent = complaints.length === before
    if (file.status !== 'passed' && silent)
      complaints.push(`${file.name}: ${file.message ?? 'could not be run'}`)
    else if (file.assertionResults.length === 0) complaints.push(`${file.name}: has no cases`)
  }
  if (code !== 0 && complaints.length === 0) complaints.push(`the test run ended with ${code}`)
  if (report.testResults.length === 0) complaints.push('no test was run')
  return { passed, failed: complaints.length, complaints }
}

/** Reads the report Vitest wrote; a report that is not there is one failure. */
export function readVitest(file: string, code: number): Tally & { complaints: string[] } {
  const words = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (words === '')
    return { passed: 0, failed: 1, complaints: [`the test run wrote no report (it ended with ${code})`] }
  return tallyReport(JSON.parse(words) as Report, code)
}
