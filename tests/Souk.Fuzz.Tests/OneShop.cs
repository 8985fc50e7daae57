using Souk.Testing;

// One shop for all tests of this project.
[assembly: AssemblyFixture(typeof(TestShop))]
