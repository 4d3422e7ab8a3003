import assert from 'node:assert/strict'
import { test } from 'node:test'
import { greet } from './greet.js'

test('greets by name', () => assert.equal(greet('Ada'), 'Hello, Ada!'))
test('greets the world when nobody is named', () => assert.equal(greet(''), 'Hello, world!'))
