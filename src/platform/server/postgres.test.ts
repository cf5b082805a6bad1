import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { alsoRemove, ask, hold, makeCheckout, openFolder, removeFolders } from '../../../test/holder.ts'
import { clusterOf } from './postgres/place.ts'
import { lives } from './postgres/postmaster.ts'

const weAreRoot = process.getuid?.() === 0
const nobody = 65534
afterAll(removeFolders)

const write = 'drop table if exists kept; create table kept (n int); insert into kept values (7)'
const read = 'select n from kept'

describe('the embedded database', () => {
  const dataDir = openFolder()

  test('knows the letters of other languages', async () => {
    const rows = await ask(
      inject('postgres'),
      `select upper('ä') as big, to_tsvector('simple', 'Übung') @@ to_tsquery('simple', 'übung') as found`,
    )
    expect(rows).toEqual([{ big: 'Ä', found: true }])
  })

  test('never runs as root, and its files and socket are its own', async () => {
    const held = await hold(dataDir)
    const owner = statSync(`/proc/${held.said.postgres}`).uid
    if (weAreRoot) expect(owner).toBeGreaterThan(0)
    else expect(owner).toBe(process.getuid?.())
    for (const folder of [clusterOf(dataDir), held.said.address.host]) {
      expect(statSync(folder)).toMatchObject({ uid: owner, mode: 0o40700 })
    }
    await held.end()
    expect(lives(held.said.postgres)).toBe(false)
  })

  test('keeps what was written when everything is killed', async () => {
    const first = await hold(dataDir)
    await ask(first.said.address, write)
    process.kill(first.said.postgres, 'SIGKILL')
    await first.kill()
    const second = await hold(dataDir)
    expect(await ask(second.said.address, read)).toEqual([{ n: 7 }])
    await second.kill()
    const third = await hold(dataDir)
    expect(await ask(third.said.address, read)).toEqual([{ n: 7 }])
    await third.end()
  })

  test('comes back by itself when it is killed, and says so when that happens too often', async () => {
    const held = await hold(dataDir)
    await ask(held.said.address, write)
    const gaveUp = held.next().then((said) => (end = said.gaveUp))
    let end: string | undefined
    for (let death = 1; end === undefined && death < 10; death++) {
      process.kill(
        Number(readFileSync(join(clusterOf(dataDir), 'postmaster.pid'), 'utf8').split('\n')[0]),
        'SIGKILL',
      )
      await sleep(500)
      if (end === undefined) expect(await ask(held.said.address, read)).toEqual([{ n: 7 }])
      await sleep(200)
    }
    await gaveUp
    expect(end).toContain('5 times within a minute')
    await held.end()
  })

  test('is taken over when its parent was killed and it went on', async () => {
    const tools = openFolder()
    for (const name of ['id', 'test', 'ps']) symlinkSync(`/usr/bin/${name}`, join(tools, name))
    const first = await hold(dataDir, { env: { PATH: tools } })
    await ask(first.said.address, write)
    await first.kill()
    expect(lives(first.said.postgres)).toBe(true)
    const second = await hold(dataDir)
    expect(second.said).toMatchObject({ adopted: true, postgres: first.said.postgres })
    expect(await ask(second.said.address, read)).toEqual([{ n: 7 }])
    await second.end()
    expect(lives(first.said.postgres)).toBe(false)
  })

  test('starts although its old process number belongs to another program now', async () => {
    const first = await hold(dataDir)
    const file = join(clusterOf(dataDir), 'postmaster.pid')
    const words = readFileSync(file, 'utf8')
    await first.end()
    const other = spawn('sleep', ['60'])
    writeFileSync(file, words.replace(String(first.said.postgres), String(other.pid)))
    const second = await hold(dataDir)
    expect(second.said).toMatchObject({ adopted: false })
    await second.end()
    other.kill()
  })
})

describe('the places it is put in', () => {
  test('a path too long for a socket', async () => {
    const dataDir = join(openFolder(), 'a-long-name-for-a-folder/'.repeat(7))
    const held = await hold(dataDir)
    alsoRemove(held.said.address.host)
    expect(held.said.address.host.length).toBeLessThan(88)
    expect(await ask(held.said.address, 'select 1 as one')).toEqual([{ one: 1 }])
    await held.end()
  })

  test('a data folder in a home that others cannot enter', async () => {
    const dataDir = join(openFolder(0o700), 'data')
    const first = await hold(dataDir)
    const place = join(clusterOf(dataDir), '..')
    alsoRemove(place)
    if (weAreRoot) expect(place).toMatch(/^\/var\/lib\/a-bit-extra-/)
    else expect(place).toBe(join(dataDir, 'postgres'))
    await ask(first.said.address, write)
    await first.end()
    const second = await hold(dataDir)
    expect(await ask(second.said.address, read)).toEqual([{ n: 7 }])
    await second.end()
  })

  test('a checkout in a home that others cannot enter, where install scripts were blocked', async () => {
    const home = openFolder(0o700)
    const checkout = join(home, 'checkout')
    makeCheckout(checkout)
    const dataDir = openFolder()
    const held = await hold(dataDir, { checkout })
    expect(await ask(held.said.address, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(existsSync(join(dataDir, 'postgres/binaries-18.4.0-beta.17'))).toBe(weAreRoot)
    await held.end()
  })

  test('an ordinary account, and a data folder that belongs to another', async () => {
    const checkout = openFolder()
    makeCheckout(checkout)
    const account = weAreRoot ? { account: nobody } : {}
    const home = openFolder(0o777)
    const held = await hold(join(home, 'data'), { checkout, ...account })
    expect(statSync(`/proc/${held.said.postgres}`).uid).toBe(weAreRoot ? nobody : process.getuid?.())
    await held.end()
    const foreign = openFolder(weAreRoot ? 0o755 : 0o555)
    const refused = await hold(join(foreign, weAreRoot ? '.' : 'data'), { checkout, ...account })
    expect(refused.said.failed ?? '').toMatch(/another account|permission denied/)
    await refused.end()
  })

  test('a database whose place has gone is not silently begun anew', async () => {
    const dataDir = openFolder()
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(join(dataDir, 'postgres.place'), '/var/lib/a-bit-extra-nowhere\n')
    const held = await hold(dataDir)
    expect(held.said.failed).toContain('/var/lib/a-bit-extra-nowhere, which is not there')
    await held.end()
  })
})
