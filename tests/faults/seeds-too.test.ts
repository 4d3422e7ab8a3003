import { describeStorms } from './support/describe-storms.ts'

// The other half of the storms: a file is what a worker takes.
describeStorms({ index: 1, of: 2 })
