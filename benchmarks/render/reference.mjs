// The reference compiler beside ours: `node reference.mjs FILE…` compiles each MJML file, writes
// FILE.html, and prints a line of JSON: the median milliseconds of processor time, warm.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const rounds = 21
// The package stands where it was installed, not beside this file.
const require = createRequire(`${process.cwd()}/`)
const { default: compile } = await import(pathToFileURL(require.resolve('mjml')))

const timed = async source => {
  const begun = process.cpuUsage()
  await compile(source, { validationLevel: 'strict' })
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1000
}

for (const path of process.argv.slice(2)) {
  const source = readFileSync(path, 'utf8')
  const { html } = await compile(source, { validationLevel: 'strict' })
  writeFileSync(`${path}.html`, html)
  const times = []
  for (let round = 0; round < rounds; round++) times.push(await timed(source))
  times.sort((one, other) => one - other)
  console.log(JSON.stringify({ path, milliseconds: times[(rounds - 1) / 2], bytes: html.length }))
}
