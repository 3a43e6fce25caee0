using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Sqlite.Migrations.House
{
    /// <inheritdoc />
    public partial class MonitoringRecords : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AlertTechniques",
                columns: table => new
                {
                    AlertId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Technique = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    RaisedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertTechniques", x => new { x.AlertId, x.Technique });
                    table.ForeignKey(
                        name: "FK_AlertTechniques_Alerts_AlertId",
                        column: x => x.AlertId,
                        principalTable: "Alerts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AlertViews",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Person = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Query = table.Column<string>(type: "TEXT", maxLength: 600, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertViews", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DetectionRules",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Names = table.Column<string>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Level = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    LogSource = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Tags = table.Column<string>(type: "TEXT", nullable: false),
                    Placeholders = table.Column<string>(type: "TEXT", nullable: false),
                    Stage = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Origin = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    OriginName = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Path = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    ShippedHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ShippedText = table.Column<string>(type: "TEXT", nullable: true),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    TestedRevision = table.Column<int>(type: "INTEGER", nullable: false),
                    TestedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedBy = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DetectionRules", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RuleExceptions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Forces = table.Column<string>(type: "TEXT", nullable: false),
                    Rule = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    RuleTitle = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Condition = table.Column<string>(type: "TEXT", maxLength: 16000, nullable: false),
                    WholeRule = table.Column<bool>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    Owner = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RemovedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RemovedBy = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RuleExceptions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SourceHours",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Source = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Hour = table.Column<long>(type: "INTEGER", nullable: false),
                    Events = table.Column<long>(type: "INTEGER", nullable: false),
                    Bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    Rejects = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SourceHours", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "TestingHits",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Rule = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    EntityKind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Entity = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Events = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TestingHits", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ValueLists",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Values = table.Column<string>(type: "TEXT", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedBy = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ValueLists", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RuleRevisions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    RuleId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Why = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    Stage = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RuleRevisions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RuleRevisions_DetectionRules_RuleId",
                        column: x => x.RuleId,
                        principalTable: "DetectionRules",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RuleTrials",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    RuleId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Days = table.Column<int>(type: "INTEGER", nullable: false),
                    Events = table.Column<long>(type: "INTEGER", nullable: false),
                    Matches = table.Column<long>(type: "INTEGER", nullable: false),
                    Cut = table.Column<bool>(type: "INTEGER", nullable: false),
                    Seconds = table.Column<double>(type: "REAL", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RuleTrials", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RuleTrials_DetectionRules_RuleId",
                        column: x => x.RuleId,
                        principalTable: "DetectionRules",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ExceptionCounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    ExceptionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Events = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExceptionCounts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ExceptionCounts_RuleExceptions_ExceptionId",
                        column: x => x.ExceptionId,
                        principalTable: "RuleExceptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Entity_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "Entity", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_ForceId_Level_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "ForceId", "Level", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_ForceId_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "ForceId", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_ForceId_Rule_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "ForceId", "Rule", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Level_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "Level", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Rule_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "Rule", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertTechniques_ForceId",
                table: "AlertTechniques",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertTechniques_ForceId_Technique_RaisedAt_AlertId",
                table: "AlertTechniques",
                columns: new[] { "ForceId", "Technique", "RaisedAt", "AlertId" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertTechniques_Technique_RaisedAt_AlertId",
                table: "AlertTechniques",
                columns: new[] { "Technique", "RaisedAt", "AlertId" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertViews_ForceId",
                table: "AlertViews",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertViews_ForceId_Person_Name",
                table: "AlertViews",
                columns: new[] { "ForceId", "Person", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DetectionRules_ForceId",
                table: "DetectionRules",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_DetectionRules_ForceId_Key",
                table: "DetectionRules",
                columns: new[] { "ForceId", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_DetectionRules_Stage",
                table: "DetectionRules",
                column: "Stage");

            migrationBuilder.CreateIndex(
                name: "IX_ExceptionCounts_ExceptionId_ForceId",
                table: "ExceptionCounts",
                columns: new[] { "ExceptionId", "ForceId" });

            migrationBuilder.CreateIndex(
                name: "IX_ExceptionCounts_ForceId",
                table: "ExceptionCounts",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_RuleExceptions_ForceId",
                table: "RuleExceptions",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_RuleExceptions_ForceId_ExpiresAt",
                table: "RuleExceptions",
                columns: new[] { "ForceId", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_RuleRevisions_ForceId",
                table: "RuleRevisions",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_RuleRevisions_RuleId_Number",
                table: "RuleRevisions",
                columns: new[] { "RuleId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RuleTrials_ForceId",
                table: "RuleTrials",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_RuleTrials_RuleId_At",
                table: "RuleTrials",
                columns: new[] { "RuleId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_SourceHours_ForceId",
                table: "SourceHours",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_SourceHours_ForceId_Source_Hour",
                table: "SourceHours",
                columns: new[] { "ForceId", "Source", "Hour" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SourceHours_Hour",
                table: "SourceHours",
                column: "Hour");

            migrationBuilder.CreateIndex(
                name: "IX_TestingHits_ForceId",
                table: "TestingHits",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_TestingHits_ForceId_Rule_Day",
                table: "TestingHits",
                columns: new[] { "ForceId", "Rule", "Day" });

            migrationBuilder.CreateIndex(
                name: "IX_ValueLists_ForceId",
                table: "ValueLists",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_ValueLists_ForceId_Name",
                table: "ValueLists",
                columns: new[] { "ForceId", "Name" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AlertTechniques");

            migrationBuilder.DropTable(
                name: "AlertViews");

            migrationBuilder.DropTable(
                name: "ExceptionCounts");

            migrationBuilder.DropTable(
                name: "RuleRevisions");

            migrationBuilder.DropTable(
                name: "RuleTrials");

            migrationBuilder.DropTable(
                name: "SourceHours");

            migrationBuilder.DropTable(
                name: "TestingHits");

            migrationBuilder.DropTable(
                name: "ValueLists");

            migrationBuilder.DropTable(
                name: "RuleExceptions");

            migrationBuilder.DropTable(
                name: "DetectionRules");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Entity_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_ForceId_Level_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_ForceId_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_ForceId_Rule_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Level_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Rule_RaisedAt_Id",
                table: "Alerts");
        }
    }
}
