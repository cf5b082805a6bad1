import { expect, test } from 'vitest'
import { readVitest, type Report, tallyReport } from './tally.ts'

const file = (statuses: string[], status = 'passed'): Report['testResults'][number] => ({
  name: 'a.test.ts',
  status,
  assertionResults: statuses.map((one, number) => ({ status: one, fullName: `case ${number}` })),
})

test('counts what passed and what failed', () => {
  const report = { testResults: [file(['passed', 'failed'], 'failed'), file(['passed'])] }
  expect(tallyReport(report, 1)).toMatchObject({ passed: 2, failed: 1 })
})

test('a case that was left out counts as failed', () => {
  for (const status of ['skipped', 'pending', 'todo']) {
    expect(tallyReport({ testResults: [file(['passed', status])] }, 0)).toMatchObject({
      passed: 1,
      failed: 1,
    })
  }
})

test('a file that could not be read counts as failed', () => {
  expect(tallyReport({ testResults: [file([], 'failed')] }, 1)).toMatchObject({ passed: 0, failed: 1 })
})

test('a run that ended badly after good cases counts as failed', () => {
  expect(tallyReport({ testResults: [file(['passed'])] }, 1)).toMatchObject({ passed: 1, failed: 1 })
})

test('no cases at all are a failure', () => {
  expect(tallyReport({ testResults: [] }, 0).failed).toBe(1)
  expect(tallyReport({ testResults: [file([])] }, 0).failed).toBe(1)
  expect(readVitest('/nowhere/result.json', 0)).toMatchObject({ passed: 0, failed: 1 })
})
