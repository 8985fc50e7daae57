using System.Buffers.Binary;
using Souk.Customers.Accounts;

namespace Souk.Customers.Tests.Accounts;

/// <summary>Hashing passwords, and the line before it.</summary>
[Trait("security", "11")]
public class PasswordsTests
{
    private const string Password = "seven green apples";

    [Fact]
    public async Task A_password_matches_its_own_hash_only()
    {
        using var passwords = new Passwords(rounds: 1000);
        var hash = (await passwords.Hash(Password)).Value;

        (await passwords.Check(hash, Password)).Value.ShouldBe(new PasswordCheck(true, null));
        (await passwords.Check(hash, "Seven green apples")).Value.Right.ShouldBeFalse();
        (await passwords.Check("", Password)).Value.Right.ShouldBeFalse("a deleted account has no hash");
    }

    [Fact]
    public async Task A_hash_is_salted_and_holds_the_rounds_that_were_asked_for()
    {
        using var passwords = new Passwords(rounds: 1234);

        var (one, other) = ((await passwords.Hash(Password)).Value, (await passwords.Hash(Password)).Value);

        one.ShouldNotBe(other);
        BinaryPrimitives.ReadUInt32BigEndian(Convert.FromBase64String(one).AsSpan(5)).ShouldBe(1234u);
    }

    [Fact]
    public async Task Security11_a_shop_hashes_with_600_000_rounds_of_HMAC_SHA_512_unless_told_otherwise()
    {
        using var passwords = new Passwords(Passwords.UsualRounds);
        var hash = Convert.FromBase64String((await passwords.Hash(Password)).Value);

        // Identity's format 3: a marker, the hash function (2: SHA-512), the rounds, the length of the salt.
        (hash[0], BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(9)))
            .ShouldBe(((byte)1, 2u, 600_000u, 16u));
    }

    [Fact]
    public async Task Security11_a_weaker_hash_that_matches_comes_back_stronger()
    {
        using var weak = new Passwords(rounds: 100);
        using var strong = new Passwords(rounds: 1000);
        var old = (await weak.Hash(Password)).Value;

        var check = (await strong.Check(old, Password)).Value;

        check.Right.ShouldBeTrue();
        (await strong.Check(check.BetterHash, Password)).Value.ShouldBe(new PasswordCheck(true, null));
        (await strong.Check(old, "another one")).Value.ShouldBe(new PasswordCheck(false, null), "only the right password is hashed again");
    }

    [Fact]
    public async Task Nobodys_hash_is_never_right()
    {
        using var passwords = new Passwords(rounds: 1000);

        (await passwords.Check(null, Password)).Value.ShouldBe(new PasswordCheck(false, null));
    }

    [Fact]
    public async Task Security11_a_line_that_is_full_says_so_at_once_and_is_short_again_afterwards()
    {
        // Slow enough that none of the first ones ends before the last one has come.
        using var passwords = new Passwords(rounds: 200_000);
        var line = 16 * Math.Max(1, Environment.ProcessorCount - 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, line * 4).Select(_ => Task.Run(() => passwords.Check(null, Password))));

        answers.Count(a => a.Error is null).ShouldBeGreaterThanOrEqualTo(line);
        var refused = answers.Where(a => a.Error is not null).ToArray();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(a => a.Error!.Kind.Code == "busy" && a.Error.Kind.Status == 503 && a.Error.RetryAfter == TimeSpan.FromSeconds(1));
        for (var i = 0; i < line + 1; i++)
        {
            (await passwords.Check("", Password)).Error.ShouldBeNull();
        }
    }

    [Theory]
    [Trait("security", "12")]
    [InlineData("password", true)]
    [InlineData("PassWord", true)]
    [InlineData("12345678", true)]
    [InlineData("13101988", true)] // The last of the list.
    [InlineData("seven green apples", false)]
    [InlineData("", false)]
    public void Security12_the_commonest_passwords_are_known(string password, bool common) => (CommonPasswords.Check(password) is not null).ShouldBe(common);
}
