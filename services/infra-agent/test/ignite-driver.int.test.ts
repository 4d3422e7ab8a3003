import { describeDriver } from '../src/drivers/driver.contract.ts'
import { createIgniteWorld, isReal } from './support/ignite/world.ts'

describeDriver(isReal ? 'ignite' : 'ignite (stand-in)', async () => {
  const world = await createIgniteWorld()
  await world.prepare()
  return world
})
