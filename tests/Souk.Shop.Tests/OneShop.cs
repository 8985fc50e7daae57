using Souk.Testing;

// One shop serves all tests of this project; each test brings its own customers and products.
[assembly: AssemblyFixture(typeof(TestShop))]
